# Everything that is done with this project. `make` alone says what there is.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

# `make test ARGS="-k zones"`
ARGS ?=

# One process for each core; each takes whole files, in order. One process alone: make test PARALLEL=
# Who dies is not replaced: another would run the file that killed it again and again.
PARALLEL ?= --numprocesses=auto --dist=loadfile --no-loadscope-reorder --max-worker-restart=0

# A release waits this long before `make lock` takes it: a stolen one is mostly found within days.
COOLING ?= 7 days

# Some host, to ask what production would be asked. It needs no database.
AS_PRODUCTION := PRODUCTION=true ALLOWED_HOSTS=invest.example SITE_URL=https://invest.example \
	SECURITY_CONTACT=mailto:security@invest.example \
	SECRET_KEY=to-check-the-settings-with-and-to-serve-nobody-0123456789
NO_DATABASE := DATABASE_URL=sqlite://:memory:

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
TEMPLATES = $$(find templates -name '*.html')

.NOTPARALLEL:
.PHONY: help run test check fix seed lock audit messages screenshots pictures faults fuzz bench load deployment clean port
.DEFAULT_GOAL := help

help:  ## Say what there is
	@echo "Invest Shanxi. What make can do:"
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/  make \1 \2/p' $(MAKEFILE_LIST) | awk '{n = $$2; $$1 = $$2 = ""; printf "  make %-10s%s\n", n, $$0}'

# --- Serve --------------------------------------------------------------------------------------------------

run: export STATIC_MANIFEST = true
run: port .venv/installed $(CATALOGUES) staticfiles/staticfiles.json  ## Serve the site with its data on this machine; PORT=8001 for another port
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_data
	@$(MANAGE) make_first_administrator
	@echo
	@echo "  Invest Shanxi   http://127.0.0.1:$(PORT)/"
	@echo "  Administration  http://127.0.0.1:$(PORT)/admin/"
	@echo "  To stop         Ctrl-C"
	@echo
	@BIND=127.0.0.1:$(PORT) exec $(BIN)/gunicorn

# Compressing takes seconds, so it is done when a file has changed and not at every start.
staticfiles/staticfiles.json: .venv/installed $(shell find static -type f)
	@STATIC_MANIFEST=true $(MANAGE) collectstatic --no-input --verbosity 0
	@touch $@

# Before the work of minutes, rather than after it.
port:
	@$(PYTHON) -c 'import socket; s = socket.socket(); \
		s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", int("$(PORT)")))' 2>/dev/null \
		|| { echo "Port $(PORT) is busy or cannot be used. Choose another: make run PORT=8001" >&2; exit 1; }

seed: .venv/installed  ## Load the data again; what has not changed stays
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_data

# --- Work on it ---------------------------------------------------------------------------------------------

# Both at once: each waits for browsers, servers and disks a third of its time.
test: .venv/installed-dev  ## Run all tests, on SQLite and on PostgreSQL, and name what could not run; ARGS="-k zones" for some
	@status=0; said=$$(mktemp); other=; \
		trap 'rm -f $$said' EXIT; trap 'kill $$other; wait $$other; exit 130' INT TERM; \
		$(BIN)/python -m tests.postgresql $(PARALLEL) $(ARGS) >$$said 2>&1 </dev/null & other=$$!; \
		$(BIN)/pytest $(PARALLEL) $(ARGS) || status=1; \
		echo "On PostgreSQL:"; wait $$other || status=1; cat $$said; \
		exit $$status

check: .venv/installed-dev  ## Find faults without running tests; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	@! grep -rnE '\{% *blocktrans(late)? ' templates | grep -v ' trimmed' \
		|| { echo "Write {% blocktranslate trimmed %}: otherwise the indentation is part of the message." >&2; exit 1; }
	@cat requirements.txt requirements-dev.txt benchmarks/requirements.txt | sed -n 's/^# sha256 //p' | sha256sum --check --quiet \
		|| { echo "The requirements have changed: run make lock." >&2; exit 1; }
	$(NO_DATABASE) $(MANAGE) check --fail-level WARNING
	$(NO_DATABASE) $(MANAGE) makemigrations --check --dry-run
	$(NO_DATABASE) $(AS_PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

fix: .venv/installed-dev  ## Mend what can be mended without thought
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $(TEMPLATES)

messages: $(CATALOGUES)  ## Compile the translations; the compiled files are committed

# A machine without gettext uses the compiled files as they were committed.
%.mo: %.po
	@if command -v msgfmt >/dev/null; then msgfmt --check-format --output-file $@ $<; \
		else echo "$@ is kept as it is: there is no msgfmt here (package gettext)."; fi

# --- What it stands on --------------------------------------------------------------------------------------

lock: .venv/installed-dev  ## Compile requirements*.in to requirements*.txt, those of benchmarks/ too; ARGS=--upgrade for newer versions
	$(call compile,requirements,requirements.in)
	$(call compile,requirements-dev,requirements.in requirements-dev.in)
	$(call compile,benchmarks/requirements,benchmarks/requirements.in)

# The head of each file tells what it was compiled from, so that `make check` sees when it is behind.
define compile
	$(BIN)/uv pip compile $(1).in --output-file $(1).txt --universal --python-version 3.11 --generate-hashes \
		--no-config --default-index https://pypi.org/simple --exclude-newer "$(COOLING)" \
		--custom-compile-command "make lock" --quiet $(ARGS)
	{ sha256sum $(2) | sed 's/^/# sha256 /'; sed '/^# sha256 /d' $(1).txt; } > $(1).new && mv $(1).new $(1).txt

endef

audit: .venv/installed-dev  ## Compare the pinned versions with the known vulnerabilities (asks the network)
	@$(BIN)/pip-audit --require-hashes --disable-pip --format json --requirement requirements.txt 2>/dev/null \
		| $(BIN)/python .ci/audit.py

.venv/installed: requirements.txt | .venv/bin/pip
	$(BIN)/pip install --quiet --require-hashes --requirement requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/pip
	$(BIN)/pip install --quiet --require-hashes --requirement requirements-dev.txt
	@touch $@

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "This needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1). Name one: make PYTHON=python3.12 …" >&2; exit 1; }
	@echo "Making .venv, which takes a minute the first time."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

screenshots: .venv/installed-dev  ## Take pictures of every kind of page into screenshots/, to look at
	@$(BIN)/python -m tests.browser.screenshots

pictures: .venv/installed-dev  ## Take the pictures of docs/editing.md anew, in both languages; they are committed
	@$(BIN)/python -m tests.browser.pictures

faults: .venv/installed-dev  ## Break everything on purpose, and tell what readers and staff saw; some minutes, best as root
	@$(BIN)/pytest -q tests/faults --faults $(ARGS)

fuzz: .venv/installed-dev  ## Send what nobody should send, to every address as everybody; ARGS="--requests 50000" for more
	@$(NO_DATABASE) $(BIN)/python -W ignore -m tests.fuzzing $(ARGS)

bench: .venv/installed-dev  ## Measure lists, search and pages with made-up records, up to a million; ARGS="--sizes 215,10000" for less
	@$(BIN)/python -m benchmarks $(ARGS)

load: .venv/installed-dev  ## Let readers and editors at the site for minutes, on each engine; ARGS="--minutes 10" for more
	@$(BIN)/python -m benchmarks.load $(ARGS)

deployment:  ## Do what docs/deployment.md says on an empty Debian that is thrown away; as root, some ten minutes
	@$(PYTHON) -m tests.deploy.walkthrough $(ARGS)

clean:  ## Remove what make has made, except the database
	rm -rf .venv .benchmarks staticfiles staticfiles-turn screenshots test-results .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
