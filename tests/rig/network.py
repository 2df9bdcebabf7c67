"""Two machines on a cable: network namespaces of the kernel, joined by a pair of virtual interfaces. It takes root."""

import itertools
import os
import subprocess
from types import TracebackType
from typing import Self

from tests.rig.where import is_root

INTERFACE = "cable0"
"""The name of the interface, on both machines."""

_NUMBERS = itertools.count(1)


class Machine:
    """One of the two; `inside` are the words that run a program there."""

    def __init__(self, name: str, address: str) -> None:
        self.name, self.address = name, address

    @property
    def inside(self) -> list[str]:
        return ["nsenter", f"--net=/run/netns/{self.name}", "--"]


class Network:
    """`near` and `far`, on a network of their own. Files and Unix sockets are those of the machine itself."""

    def __init__(self) -> None:
        assert is_root(), "a network namespace is made by root alone"
        number = next(_NUMBERS)
        names = [f"ippgate-{os.getpid()}-{number}-{end}" for end in ("near", "far")]
        self.near, self.far = (Machine(name, f"10.77.{number % 256}.{end}") for end, name in enumerate(names, 1))

    def __enter__(self) -> Self:
        ends = (self.near, self.far)
        try:
            for machine in ends:
                _ip("netns", "add", machine.name)
            peer = ("peer", "name", INTERFACE, "netns", self.far.name)
            _ip("link", "add", INTERFACE, "netns", self.near.name, "type", "veth", *peer)
            for machine in ends:
                _ip("-n", machine.name, "link", "set", "lo", "up")
                _ip("-n", machine.name, "address", "add", f"{machine.address}/24", "dev", INTERFACE)
                _ip("-n", machine.name, "link", "set", INTERFACE, "up")
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        for machine in (self.near, self.far):
            subprocess.run(["ip", "netns", "del", machine.name], capture_output=True, check=False)


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"
