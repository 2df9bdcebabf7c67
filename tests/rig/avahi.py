"""A private D-Bus and an avahi-daemon confined to one interface, loopback: ippeveprinter won't start without them.

Nothing is announced to the network, and the address of loopback itself is not announced at all: two runs of the tests
on one machine would quarrel about whose it is. A system bus or Avahi is neither used nor disturbed: the bus has
its own socket, and Avahi's fixed directory under /run is hidden behind a private mount where the kernel lets us make
one (in a container that forbids it, Avahi takes the real directory, which is free there).
"""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.rig.process import Process
from tests.rig.where import directory, is_root

BUS_CONFIGURATION = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <auth>ANONYMOUS</auth>
  <allow_anonymous/>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""

AVAHI_CONFIGURATION = """\
[server]
host-name=rig-{number}
use-ipv4=yes
use-ipv6=no
allow-interfaces={interface}
enable-dbus=yes
[wide-area]
enable-wide-area=no
[publish]
publish-addresses=no
publish-workstation=no
publish-hinfo=no
[reflector]
[rlimits]
"""

HIDE_RUN = "mount -t tmpfs tmpfs /run && mkdir /run/avahi-daemon"
CLAIM_RUN = """
echo avahi:x:0:0::/:/bin/false > /run/passwd && mount --bind /run/passwd /etc/passwd &&
echo avahi:x:0: > /run/group && mount --bind /run/group /etc/group"""
"""Avahi insists that its directory belongs to user avahi: without root, whoever we are must seem to be that user."""


class Avahi:
    """The two daemons; `env` is what a program needs to find them. within: words that run avahi-daemon elsewhere."""

    def __init__(self, root: Path, *, interface: str = "lo", within: Sequence[str] = ()) -> None:
        root = directory(root)
        socket = root / "bus"
        self.env = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={socket}"}
        bus_configuration = root / "bus.conf"
        bus_configuration.write_text(BUS_CONFIGURATION.format(socket=socket))
        avahi_configuration = root / "avahi.conf"
        avahi_configuration.write_text(AVAHI_CONFIGURATION.format(number=os.getpid(), interface=interface))
        self._bus = Process(
            "dbus-daemon",
            ["dbus-daemon", f"--config-file={bus_configuration}", "--nofork", "--nopidfile"],
            log=root / "bus.log",
            ready=socket.exists,
        )
        log = root / "avahi.log"
        # Root is kept because the private mount belongs to it, and a dropped user could not write there.
        flags = ["--no-drop-root", "--no-chroot", "--no-rlimits", "--no-proc-title"]
        self._avahi = Process(
            "avahi-daemon",
            [*within, *_private_run(), "avahi-daemon", "-f", avahi_configuration, *flags],
            log=log,
            ready=lambda: log.exists() and "Server startup complete" in log.read_text(errors="replace"),
            env=self.env,
        )

    def __enter__(self) -> Self:
        self._bus.start()
        try:
            self._avahi.start()
        except BaseException:
            self._bus.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._avahi.stop()
        self._bus.stop()


def _private_run() -> list[str]:
    """Return the words that give a program a /run of its own, or none where the kernel refuses."""
    words = ["unshare", "--mount"] if is_root() else ["unshare", "--mount", "--map-root-user"]
    script = HIDE_RUN if is_root() else f"{HIDE_RUN} && {CLAIM_RUN}"
    words += ["sh", "-c", f'{script} && exec "$@"', "sh"]
    allowed = subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0
    return words if allowed else []
