"""The units of systemd, by its own judgement, and the image, as far as it can be read without building it."""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
UNITS = sorted((ROOT / "deploy/systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
# What systemd calls “OK” ends at 5.0, “exposed” at 7; of 10.
MOST_EXPOSED = 1.5
MISSING = "There is no systemd here. Install it: systemd"


@pytest.fixture(scope="module")
def analyze():
    if shutil.which("systemd-analyze") is None:
        pytest.skip(MISSING)

    def run(*arguments):
        done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.fixture(scope="module")
def units(tmp_path_factory):
    """The units as on a server, but of this checkout."""
    folder = tmp_path_factory.mktemp("units")
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace("/srv/invest-shanxi/current", str(ROOT))
        (folder / path.name).write_text(text.replace("User=invest-shanxi", "User=root"), encoding="utf-8")
    return folder


def test_systemd_understands_every_line(analyze, units):
    status, told = analyze("verify", "--man=no", *map(str, sorted(units.iterdir())))

    ours = [line for line in told.splitlines() if "invest-shanxi" in line]
    assert (status, ours) == (0, [])


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_a_service_may_do_next_to_nothing(analyze, service):
    _status, told = analyze("security", "--offline=true", "--no-pager", str(service))

    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", told)
    assert exposure, told
    assert float(exposure[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_what_a_service_runs_is_there(service):
    for command in re.findall(r"^ExecStart=(.+)$", service.read_text(encoding="utf-8"), re.M):
        program, *arguments = shlex.split(command)
        path = ROOT / program.removeprefix("/srv/invest-shanxi/current/")
        assert path.stat().st_mode & 0o111, command
        if path.name == "manage":
            assert list(ROOT.glob(f"*/management/commands/{arguments[0]}.py")), command


def test_scripts_are_sound():
    for name in ("serve", "manage", "prepare", "switch"):
        subprocess.run(["sh", "-n", ROOT / "deploy" / name], check=True)


@pytest.mark.parametrize("name", ["serve", "manage"])
def test_nothing_starts_without_the_variables_that_it_was_given(name):
    """Else it would be a site for one machine, with a key that everybody knows."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        environment = Path(folder, "environment")
        environment.touch(mode=0)
        done = subprocess.run(
            ["sh", "-s", "check"],
            input=(ROOT / "deploy" / name).read_text(encoding="utf-8"),
            env={"PATH": os.environ["PATH"], "ENVIRONMENT_FILE": str(environment)},
            cwd="/",
            user="nobody" if os.geteuid() == 0 else None,
            capture_output=True,
            text=True,
        )
        assert done.returncode != 0
        assert re.search(rf"{environment}: Permission denied", done.stderr), done.stderr


# The image

INSTRUCTION = re.compile(r"^([A-Z]+) ((?:.*\\\n)*.*)$", re.M)


def instructions():
    text = (ROOT / "deploy/Containerfile").read_text(encoding="utf-8")
    return INSTRUCTION.findall("\n".join(line for line in text.splitlines() if not line.startswith("#")))


def test_the_image_holds_all_that_serves_and_no_more():
    copied = {source for name, rest in instructions() if name == "COPY" for source in rest.split()[:-1]}
    tracked = {path.name for path in ROOT.iterdir() if (path / "__init__.py").is_file()} - {
        "tests",
        "benchmarks",
    }

    assert copied == tracked | {
        *("requirements.txt", "manage.py", "gunicorn.conf.py", "templates", "static", "locale", "data"),
        # A backup says by which version of the software it was taken.
        "pyproject.toml",
    }
    assert not [source for source in copied if not (ROOT / source).exists()]


def test_the_image_runs_as_nobody_in_particular_with_the_packages_of_the_document():
    found = dict(instructions())
    packages = re.compile(r"--no-install-recommends ((?:[\w.+-]+|\\\n|\s)+)")
    text = (ROOT / "docs/deployment.md").read_text(encoding="utf-8")
    told = set(packages.search(text)[1].replace("\\\n", " ").split())
    container = (ROOT / "deploy/Containerfile").read_text(encoding="utf-8")
    installed = set(packages.search(container)[1].replace("\\\n", " ").split())

    assert found["USER"] == "invest-shanxi"
    assert installed == told - {"curl", "git", "nginx-light", "openssl"}
    assert "--require-hashes" in container
    assert "/healthz" in found["HEALTHCHECK"]


# Releases


def test_a_release_is_switched_to_and_back(tmp_path):
    for name in ("v1", "v2"):
        (tmp_path / "releases" / name / "deploy").mkdir(parents=True)
        shutil.copy(ROOT / "deploy/switch", tmp_path / "releases" / name / "deploy")

    def switch(folder):
        subprocess.run([tmp_path / folder / "deploy/switch"], check=True, capture_output=True)
        return [
            str((tmp_path / name).readlink())
            for name in ("current", "previous")
            if (tmp_path / name).exists()
        ]

    assert switch("releases/v1") == ["releases/v1"]
    assert switch("releases/v2") == ["releases/v2", "releases/v1"]
    # Twice is as good as once: the way back stays.
    assert switch("releases/v2") == ["releases/v2", "releases/v1"]
    assert switch("previous") == ["releases/v1", "releases/v2"]
