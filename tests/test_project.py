"""What must hold of the project as a whole, whatever the code says."""

import hashlib
import os
import re
import subprocess
import sys

import polib
import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = settings.BASE_DIR


def test_every_model_change_has_its_migration(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_production_settings_pass_the_deployment_check():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PRODUCTION": "true",
            "SECRET_KEY": "a-key-for-this-test-and-for-no-server-0123456789-abcdef",
            "ALLOWED_HOSTS": "invest.example",
            "SECURITY_CONTACT": "mailto:security@invest.example",
            "SITE_URL": "https://invest.example",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("compiled", "sources"),
    [
        ("requirements.txt", ["requirements.in"]),
        ("requirements-dev.txt", ["requirements.in", "requirements-dev.in"]),
        ("benchmarks/requirements.txt", ["benchmarks/requirements.in"]),
    ],
)
def test_compiled_requirements_are_in_step(compiled, sources):
    text = (ROOT / compiled).read_text()
    stated = dict(reversed(line.split()) for line in re.findall(r"^# sha256 (.+)", text, re.M))
    actual = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in sources}
    assert stated == actual, "Run make lock."


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "benchmarks/requirements.txt"])
def test_compiled_requirements_name_no_machine_and_no_other_index(name):
    assert not re.search(r"^--|file:|https?:", (ROOT / name).read_text(), re.M)


def test_tests_run_on_the_versions_of_production():
    def pins(name):
        return set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.M))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_every_variable_is_explained_and_every_explained_one_is_read():
    # read(env.bool, "DEBUG"), read_list("ALLOWED_HOSTS") in one file, env.str("BIND") in the other.
    readers = r"(?:read\(\s*env\.\w+,\s*|read_list\(|env\.\w+\()"
    files = [*(ROOT / "shanxi_portal/settings").glob("*.py"), ROOT / "gunicorn.conf.py"]
    code = "".join(path.read_text() for path in files)
    read = set(re.findall(readers + r'"([A-Z_]+)"', code))
    explained = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert {"PRODUCTION", "SITE_URL", "ALLOWED_HOSTS", "BIND"} <= read
    assert read == explained


def test_compiled_translations_say_what_their_sources_say():
    def texts(entries):
        return {
            (entry.msgctxt, entry.msgid): entry.msgstr_plural or entry.msgstr
            for entry in entries
            if entry.msgid
        }

    sources = list(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
    assert sources
    for path in sources:
        source = polib.pofile(str(path)).translated_entries()
        compiled = polib.mofile(str(path.with_suffix(".mo")))
        assert texts(compiled) == texts(source), f"{path}: run make messages."
