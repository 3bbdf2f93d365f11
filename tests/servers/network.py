"""Two network namespaces joined by a cable: attackers with many addresses on one side, servers on the other. Nothing leaves the machine.

Needs root and iproute2. Everything is gone when the block ends, however it ends.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import time

import pytest

SERVER = "192.0.2.10"
NEIGHBOURS = tuple(f"192.0.2.{host}" for host in range(11, 26))
WEB = "192.0.2.80"
ATTACKERS = tuple(f"203.0.113.{host}" for host in range(2, 100))
STRANGER = "198.51.100.20"


def needed(*programs):
    """Where the machine cannot do it a test is skipped with the reason; where tests must not be skipped it fails."""
    missing = [name for name in programs if not any(os.access(os.path.join(folder, name), os.X_OK) for folder in _PATH)]
    why = "must be root to make network namespaces" if os.geteuid() else f"not installed: {', '.join(missing)}" if missing else ""
    if why and os.environ.get("CI"):
        pytest.fail(f"{why} (make test installs what is needed when root runs it)")
    if why:
        pytest.skip(why)


_PATH = (*os.environ.get("PATH", "").split(":"), "/usr/sbin", "/sbin")


def run(*arguments, check=True, timeout=60, **more):
    done = subprocess.run(arguments, capture_output=True, timeout=timeout, check=False, **more)
    assert not check or done.returncode == 0, (arguments, done.stdout[-800:], done.stderr[-800:])
    return done


_NUMBERS = itertools.count()


class Pair:
    """Both sides.

    Attributes:
        inside, outside: namespaces of the servers and of the attackers.
    """

    def __init__(self):
        number = f"{os.getpid()}-{next(_NUMBERS)}"
        self.inside, self.outside = f"vigie-in-{number}", f"vigie-out-{number}"
        self.started = []

    def __enter__(self):
        for name in (self.inside, self.outside):
            run("ip", "netns", "add", name)
        run("ip", "link", "add", "v0", "netns", self.inside, "type", "veth", "peer", "name", "v0", "netns", self.outside)
        for name, addresses in ((self.inside, (SERVER, *NEIGHBOURS)), (self.outside, (WEB, STRANGER, *ATTACKERS))):
            batch = "".join(f"address add {address}/32 dev v0\n" for address in addresses) + "link set lo up\nlink set v0 up\n"
            run("ip", "-n", name, "-batch", "-", input=batch.encode())
        run("ip", "-n", self.inside, "route", "add", "default", "dev", "v0")
        run("ip", "-n", self.outside, "route", "add", "192.0.2.0/24", "dev", "v0", "src", ATTACKERS[0])
        return self

    def __exit__(self, *_):
        for process in reversed(self.started):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        for process in reversed(self.started):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        for name in (self.inside, self.outside):
            run("ip", "netns", "del", name, check=False)

    def start(self, *arguments, **more):
        """A server or a recorder inside, stopped at the end."""
        process = subprocess.Popen(["ip", "netns", "exec", self.inside, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
        self.started.append(process)
        return process

    def stop(self, process):
        process.send_signal(signal.SIGINT)
        process.wait(20)

    def outside_as(self, source, *arguments, **more):
        """A program outside whose connections come from this address; its exit code does not matter."""
        run("ip", "-n", self.outside, "route", "replace", f"{SERVER}/32", "dev", "v0", "src", source)
        return run("ip", "netns", "exec", self.outside, *arguments, check=False, **more)

    def say(self, source, port, data=b""):
        """Connect, say something, hear what comes back for a moment, hang up."""
        text = f"exec 3<>/dev/tcp/{SERVER}/{port} && cat >&3 && timeout 0.3 cat <&3 >/dev/null; exec 3>&-"
        self.outside_as(source, "bash", "-c", text, input=data)


def until(condition, seconds=30):
    """Wait for a server; fail when it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("the server did not come up")


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)
