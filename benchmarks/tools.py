"""What the site is measured with and beside, in an environment of its own, and no part of the site."""

import subprocess
import sys
from hashlib import sha256

from benchmarks.servers import ROOT

REQUIREMENTS = ROOT / "benchmarks" / "requirements.txt"


def install(directory):
    """The directory of the programs, installed there at the versions that were reviewed."""
    home = directory / "tools"
    stamp, wanted = home / "installed", sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)  # noqa: S603
        command = ["install", "--quiet", "--require-hashes", "--requirement", REQUIREMENTS]
        subprocess.run([home / "bin" / "pip", *command], check=True)  # noqa: S603
        stamp.write_text(wanted)
    return home / "bin"
