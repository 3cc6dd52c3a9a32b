"""An empty Debian 12, booted beside this machine and thrown away: mounts, processes and ports of its own."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

MIRROR = "http://deb.debian.org/debian"
# Debian’s installer adds the first two to what debootstrap calls the least.
PACKAGES = "systemd,systemd-sysv,ca-certificates"
# Only these steps have a way out.
NEEDS_NETWORK = re.compile(r"apt-get|deploy/prepare")
PATIENCE = 900
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
# What pip has fetched for others need not be fetched again.
PIP_CACHE = Path.home() / ".cache/pip"
PASSED_ON = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "http_proxy", "https_proxy", "no_proxy")
# In namespaces of its own: what a machine has mounted, and then its first process.
BOOT = """
set -e
cd "$1"
mount --make-rprivate /
mount --bind . .
cd "$1"
[ -z "$2" ] || mount --bind "$2" root/.cache/pip
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs tmpfs sys/fs/cgroup && mount -t cgroup2 cgroup2 sys/fs/cgroup
for place in run tmp dev; do mount -t tmpfs -o mode=755 tmpfs $place; done
chmod 1777 tmp
for device in null zero full random urandom tty; do
    touch dev/$device
    mount --bind /dev/$device dev/$device
done
mkdir dev/pts dev/shm dev/mqueue
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mkdir -p old && pivot_root . old && umount -l /old && rmdir /old
mount --make-rshared /
exec env -i container=try PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --show-status=no
"""


class Failed(Exception):
    """A step, or what should have come of it."""


def say(text):
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)  # noqa: T201


def run(*command, **options):
    done = subprocess.run(
        list(map(str, command)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    if done.returncode:
        raise Failed(f"{' '.join(map(str, command))}\n{done.stdout[-3000:]}")
    return done.stdout


class Machine:
    """An empty Debian in a folder, booted; as a context it is stopped and removed."""

    def __init__(self, directory, base):
        self.root, self.base = directory / "root", base
        self.process = self.first = None
        # What the blocks have set so far: they belong to one shell.
        self.names = ""

    def __enter__(self):
        try:
            self._make()
            self._boot()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error):
        if self.process:
            # With its first process all others of it end, and their mounts with them.
            self.process.kill()
            self.process.wait()

    def _make(self):
        self.root.mkdir()
        if self.base and self.base.exists():
            say(f"Unpacking {self.base}")
            run("tar", "--extract", "--numeric-owner", "--file", self.base, "--directory", self.root)
        else:
            say("Making an empty Debian 12")
            run(
                *("debootstrap", "--variant=minbase", f"--include={PACKAGES}"),
                *("bookworm", self.root, os.environ.get("MIRROR", MIRROR)),
            )
            if self.base:
                run("tar", "--create", "--numeric-owner", "--file", self.base, "--directory", self.root, ".")
        shutil.copy("/etc/resolv.conf", self.root / "etc/resolv.conf")
        # The way out may lead through a proxy that signs for others: whom this machine trusts, that one does.
        shutil.copy(AUTHORITIES, self.root / "root/authorities.pem")
        (self.root / "root/.cache/pip").mkdir(parents=True, exist_ok=True)

    def _boot(self):
        self.process = subprocess.Popen(
            [
                *("unshare", "--mount", "--pid", "--uts", "--ipc", "--cgroup", "--net"),
                *("--fork", "--kill-child", "sh", "-c", BOOT, "boot", str(self.root)),
                str(PIP_CACHE) if PIP_CACHE.is_dir() else "",
            ],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            self.first = children.read_text().strip()
            if self.first and self.inside("systemctl", "is-system-running").stdout.strip() in (
                "running",
                "degraded",
            ):
                return
            time.sleep(0.5)
        raise Failed("The machine does not boot.")

    def entering(self, network):
        """The command that enters it, with its own network or with that of the machine around it."""
        kinds = [
            "--mount",
            "--pid",
            "--uts",
            "--ipc",
            "--cgroup",
            "--root",
            "--wd",
            *(["--net"] * (not network)),
        ]
        pip = [f"{name}={os.environ[name]}" for name in PASSED_ON if name in os.environ]
        pip.append("PIP_CERT=/root/authorities.pem")
        return ["nsenter", "--target", self.first, *kinds, "env", "-i", "HOME=/root", "LANG=C.UTF-8", *pip,
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]  # fmt: skip

    def inside(self, *command, network=False):
        return subprocess.run(
            [*self.entering(network), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
        )

    def do(self, name, block):
        """Run a block of the page in the shell that ran those before it."""
        started = time.monotonic()
        done = self.inside("sh", "-e", "-c", self.names + block, network=bool(NEEDS_NETWORK.search(block)))
        say(f"{'done' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - started:5.1f} s: {name}")
        if done.returncode:
            journal = self.inside("journalctl", "--no-pager", "--lines=40", "--output=cat").stdout
            raise Failed(f"{block}\n{done.stdout}\n--- journal ---\n{journal}")
        self.names += "".join(
            f"{line}\n" for line in re.findall(r"^\w+=.*$", block, re.M) if "\n" not in line
        )
        return done.stdout

    def python(self, *arguments):
        """A command by the Python of this machine that sees the ports of the other as its own."""
        return ["nsenter", "--target", self.first, "--net", sys.executable, *map(str, arguments)]
