"""What the service supervisor is told: that the gate is ready, that it is stopping (systemd's sd_notify protocol).

One datagram to the socket that NOTIFY_SOCKET names; without one, nobody supervises and nothing is sent.
"""

import os
import socket
from contextlib import suppress

READY = "READY=1"
STOPPING = "STOPPING=1"


def tell(*lines: str) -> bool:
    """Send the state; whether somebody was told. A supervisor that does not listen is no reason to fail."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    if address.startswith("@"):  # Linux's abstract namespace
        address = f"\0{address[1:]}"
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        sender.connect(address)
        sender.sendall("\n".join(lines).encode())
        return True
    return False


def ready(status: str) -> bool:
    """Every worker listens; `status` is shown by systemctl."""
    return tell(READY, f"STATUS={status}")


def stopping() -> bool:
    """The gate drains."""
    return tell(STOPPING, "STATUS=Draining")
