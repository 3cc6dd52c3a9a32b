"""Do what docs/deployment.md says, on an empty Debian 12 that is made for it and thrown away.

The steps are read from the page and run as they stand, under the real systemd: from the first package to a
page by HTTPS, then an upgrade and the way back, while readers ask all the time.

As root, with debootstrap and a network: `make deployment`. Some ten minutes, and two gigabytes below TMPDIR.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.deploy.machine import Failed, Machine, run, say

HERE = Path(__file__).resolve().parents[2]
PAGE = HERE / "docs/deployment.md"
READERS = Path(__file__).with_name("readers.py")
STEP = re.compile(r"^<!-- (\w+): (\w+) -->\n```sh\n(.*?)^```$", re.M | re.S)


def steps(kind):
    """{name: block} of the page, in its order."""
    found = {name: block for of, name, block in STEP.findall(PAGE.read_text(encoding="utf-8")) if of == kind}
    if not found:
        raise Failed(f"{PAGE} has no steps of the kind “{kind}”.")
    return found


class Readers:
    """A process that asks for pages by HTTPS until it is told that it is enough."""

    def __init__(self, machine):
        command = machine.python(READERS, "ask")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def enough(self):
        """What became of it all; raises Failed where somebody was turned away."""
        told = json.loads(self.process.communicate(input="enough\n", timeout=120)[0])
        failures, answers = told["failures"], told["answers"]
        say(f"{answers} requests meanwhile, {len(failures)} failed, the longest took {told['longest']:.1f} s")
        if failures or answers < 10:
            raise Failed(f"Readers were turned away: {failures[:5]}")


def make_source(folder):
    """A repository of what this checkout holds, committed or not, as v1; v2 says so on each page."""
    names = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=HERE).split("\0")
    for name in filter(None, names):
        if (HERE / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HERE / name, folder / name)
    git = ("git", "-c", "user.name=try", "-c", "user.email=try@invest.example")
    run(*git, "init", "--quiet", "--initial-branch=main", cwd=folder)
    for version in ("v1", "v2"):
        base = folder / "templates/base.html"
        if version == "v2":
            base.write_text(base.read_text(encoding="utf-8").replace("<body", '<body data-edition="v2"', 1))
        run(*git, "add", "--all", cwd=folder)
        run(*git, "commit", "--quiet", "--message", version, cwd=folder)
        run(*git, "tag", version, cwd=folder)


def expect(condition, text):
    if not condition:
        raise Failed(f"It is not so: {text}")
    say(f"so it is: {text}")


def edition(machine):
    body = get(machine, "/en/about/", "sessionid=none")[2]
    return "v2" if b'data-edition="v2"' in body else "v1"


def get(machine, path, cookie=""):
    """(status, headers, body) of a page of the machine, by HTTPS."""
    status, headers, body = json.loads(run(*machine.python(READERS, "get", path, cookie)))
    return status, headers, bytes.fromhex(body)


def go(machine, source):
    place = machine.root / "source"
    place.mkdir()
    run("cp", "--archive", f"{source}/.", place)
    run("chown", "-R", "0:0", place)
    for name, block in steps("step").items():
        if name == "names":
            block = re.sub(r"^source=.*$", "source=file:///source", block, flags=re.M)
        told = machine.do(name, block)
        if name in ("database", "look", "service"):
            say("    " + "\n              ".join(told.strip().splitlines()[-4:]))
    status, headers, body = get(machine, "/en/zones/")
    expect(status == 200 and b"Taiyuan" in body, "a page with the data, by HTTPS")
    expect(headers["Server"] == "nginx" and "Strict-Transport-Security" in headers, "from nginx, with HSTS")
    slug = re.search(rb'href="(/en/zones/[a-z0-9-]+/)"', body)[1].decode()
    sheet = get(machine, f"{slug}fact-sheet/")
    expect((sheet[0], sheet[2][:4]) == (200, b"%PDF"), "a fact sheet is printed under all those restrictions")
    machine.do("a backup by its timer’s service", "systemctl start invest-shanxi-backup.service\n")
    expect(any((machine.root / "var/backups/invest-shanxi").iterdir()), "a backup lies where it should")
    expect(
        machine.inside("systemctl", "--failed", "--quiet", "--plain").stdout.count("invest") == 0,
        "no unit failed",
    )

    expect(edition(machine) == "v1", "v1 is served")
    for kind, after in (("upgrade", "v2"), ("rollback", "v1")):
        readers = Readers(machine)
        for name, block in steps(kind).items():
            machine.do(f"{kind}: {name}", block)
        expect(edition(machine) == after, f"{after} is served")
        readers.enough()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--base", type=Path, help="keep the empty Debian in this tar file, or take it from there"
    )
    options = parser.parse_args()
    if os.getuid() or not shutil.which("debootstrap"):
        sys.exit("This needs root, and debootstrap (apt-get install debootstrap).")
    # So that what follows is removed when somebody ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    directory = Path(tempfile.mkdtemp(prefix="invest-shanxi-try-"))
    try:
        make_source(directory / "source")
        with Machine(directory, options.base) as machine:
            go(machine, directory / "source")
        say("All steps of docs/deployment.md did what they say.")
    except Failed as failure:
        say(f"Failed.\n{failure}")
        sys.exit(1)
    finally:
        shutil.rmtree(directory)


if __name__ == "__main__":
    main()
