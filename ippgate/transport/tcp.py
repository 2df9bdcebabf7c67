"""What TCP knows and asyncio does not say: how much a device has taken, and how a connection ends (tcp(7), socket(7)).

A device takes what came before an orderly end for a whole document: some printers do so even where HTTP announced more.
So as long as a document is on its way, its connection ends with a reset, whoever ends it: an error, a cancelled task,
even the kernel after the gate was killed.
"""

import fcntl
import os
import socket
import struct
import termios

MAX_UNSENT = 128 * 1024
"""Octets that the kernel holds for a device beyond what is on the network: else it takes megabytes, and a slow device
would seem to stall while it works them off."""

_INTEGER = struct.Struct("i")
_LINGER = struct.Struct("ii")


def tune(opened: socket.socket) -> None:
    """Make a connection notice a device that vanished, and keep the kernel from hiding one that is slow."""
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MAX_UNSENT)


def end_with_reset(opened: socket.socket, on: bool) -> None:
    """From now on closing is a reset and forgets what waits; or no more so: it is in good order, and all arrives."""
    if opened.fileno() >= 0:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER.pack(on, 0))


def unconfirmed(opened: socket.socket) -> int:
    """Return how many octets in the kernel the device's TCP has not confirmed; the end of our side counts as one.

    Raises OSError when the connection broke: after the device has closed, no event loop watches for that.
    """
    error = opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, os.strerror(error))
    answer = fcntl.ioctl(opened.fileno(), termios.TIOCOUTQ, _INTEGER.pack(0))
    waiting: int = _INTEGER.unpack(answer)[0]
    return waiting
