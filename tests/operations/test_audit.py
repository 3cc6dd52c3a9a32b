"""What an audit of the dependencies comes to: it fails for a vulnerability, and says what it left out."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

CLEAN = {"name": "django", "version": "5.2.19", "vulns": []}
FAULTY = {
    "name": "old",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": [], "description": ""}],
}
UNASKED = {"name": "unknown", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("found", "require_all", "status", "said"),
    [
        ({"dependencies": [CLEAN]}, "1", 0, "Packages looked up: 1 of 1. Vulnerabilities: 0.\n"),
        ({"dependencies": [CLEAN, FAULTY]}, "", 1, "old 1.0: PYSEC-1, mended in 1.1"),
        (
            {"dependencies": [CLEAN, UNASKED]},
            "",
            0,
            "Packages looked up: 1 of 2. Vulnerabilities: 0.\nThe others could not",
        ),
        (
            {"dependencies": [CLEAN, UNASKED]},
            "1",
            1,
            "Packages looked up: 1 of 2. Vulnerabilities: 0.\nThe others could not",
        ),
        (None, "", 0, "Packages looked up: 0 of 0."),
        (None, "1", 1, "Packages looked up: 0 of 0."),
    ],
)
def test_an_audit(found, require_all, status, said):
    done = subprocess.run(
        [sys.executable, ".ci/audit.py"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "REQUIRE_ALL": require_all},
        input=json.dumps(found) if found else "",
        capture_output=True,
        text=True,
    )
    assert done.returncode == status
    assert said in done.stdout + done.stderr
