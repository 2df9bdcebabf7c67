"""A raw TCP connection as a sender sees it: what the device has taken, what it said, and whether it went away."""

import asyncio
import socket
from collections.abc import Callable
from typing import cast

from ippgate.model.parcel import Unreachable
from ippgate.transport.lookup import Whereabouts
from ippgate.transport.source import Source
from ippgate.transport.tcp import end_with_reset, tune, unconfirmed

HEARD_LIMIT = 64 * 1024
"""Octets a raw device may say before we stop listening: status lines are a few hundred."""

PAUSE = 0.1
"""Seconds between two looks at what the device has confirmed; the kernel sends no signal."""


class LostError(Exception):
    """The device closed, reset or stopped taking bytes; the text says which, as the end of a sentence."""


class Wire(asyncio.Protocol):
    """One connection. `send` returns when the kernel has the bytes, so this process never holds more than one piece."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._full = False
        self._unfinished = False
        self._waiter: asyncio.Future[None] | None = None
        self.closed = False  # the device will say no more
        self.fault: Exception | None = None  # and why, when it did not close in good order
        self.heard = b""
        self.sent = 0

    @property
    def talkative(self) -> bool:
        """Whether the device said more than anybody listens to."""
        return len(self.heard) >= HEARD_LIMIT

    # what the event loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=0)
        self._socket: socket.socket = transport.get_extra_info("socket")
        tune(self._socket)

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._wake()

    def data_received(self, data: bytes) -> None:
        self.heard += data[: HEARD_LIMIT - len(self.heard)]
        self._wake()

    def eof_received(self) -> bool:
        self.closed = True
        self._wake()
        return True  # our own side stays open: what became of the bytes already sent is still to be learnt

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        self.fault = exc
        self._wake()

    # what a sender asks for

    async def send(self, data: bytes | memoryview, stall_timeout: float) -> None:
        """Hand over all of `data`. Raises LostError when the device went away or took nothing for `stall_timeout` s."""
        if self._transport is None or self.closed:
            raise LostError(self.end)
        if not self._unfinished:
            self._unfinished = True
            end_with_reset(self._socket, True)
        self._transport.write(data)
        self.sent += len(data)
        while self._full and not self.closed:
            before = self._waiting()
            moved = await self.until(lambda: not self._full or self.closed, stall_timeout)
            if not moved and self._waiting() >= before:
                raise LostError(f"took nothing for {stall_timeout:g} s")
        if self.closed:
            raise LostError(self.end)

    def half_close(self) -> None:
        """Say that no more comes; the device may still answer."""
        if self._transport is not None and not self._transport.is_closing():
            self._unfinished = False
            end_with_reset(self._socket, False)
            self._transport.write_eof()

    async def until(self, happened: Callable[[], bool], seconds: float) -> bool:
        """Wait for something the event loop tells; False when it did not happen in so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                while not happened():
                    self._waiter = self._loop.create_future()
                    await self._waiter
        except TimeoutError:
            return happened()
        return True

    async def taken(self, stall_timeout: float) -> None:
        """Wait until the device's own TCP has confirmed all that was sent: the kernel may hold megabytes for it.

        Raises LostError when it cuts, or confirms nothing for `stall_timeout` seconds.
        """
        left, quiet = self._waiting(), 0.0
        while left > 1 and self.fault is None:
            await self.until(lambda: self.fault is not None, PAUSE)
            before, left = left, self._waiting()
            quiet = quiet + PAUSE if left >= before else 0.0
            if quiet >= stall_timeout:
                raise LostError(f"took nothing for {stall_timeout:g} s")
        if self.fault is not None:
            raise LostError(self.end)

    def _waiting(self) -> int:
        """Return how many octets the device's TCP has not confirmed: they wait in the event loop and in the kernel."""
        if self._transport is None or self._socket.fileno() < 0:
            return 0
        try:
            return unconfirmed(self._socket) + self._transport.get_write_buffer_size()
        except OSError as error:
            self.fault = error
            return 0

    @property
    def end(self) -> str:
        """How it went away, as the end of a sentence."""
        return f"cut the connection ({self.fault})" if self.fault else "closed the connection"

    def close(self) -> None:
        """Close: in good order before the first octet and after `half_close`, else with a reset."""
        if self._transport is not None:
            self._transport.abort() if self._unfinished else self._transport.close()

    def reset(self) -> None:
        """Close with a reset: what the kernel still holds for the device is not sent behind our back."""
        if self._transport is not None and not self._transport.is_closing():
            end_with_reset(self._socket, True)
            self._transport.abort()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


async def connect(whereabouts: Whereabouts, timeout: float) -> Wire:
    """Open a connection to the first of a device's addresses that answers.

    Raises Unreachable when none does within `timeout` seconds in all; the name is then looked up again next time.
    """
    endpoints = await whereabouts.endpoints(timeout)
    loop = asyncio.get_running_loop()
    why = ""
    for endpoint in endpoints:
        try:
            async with asyncio.timeout(timeout / len(endpoints)):
                _, wire = await loop.create_connection(
                    Wire, endpoint.ip, endpoint.port, family=endpoint.family, proto=socket.IPPROTO_TCP
                )
        except TimeoutError:
            why = f"did not answer within {timeout:g} s"
        except OSError as error:
            why = f"cannot be reached ({error.strerror or error})"
        else:
            return wire
    whereabouts.forget()
    raise Unreachable(f"the device at {whereabouts.address.authority} {why}")


async def connect_while(whereabouts: Whereabouts, timeout: float, source: Source) -> Wire:
    """Connect while the first chunk of a document is being read: neither waits for the other, and nothing is sent yet.

    Raises Unreachable, and what reading the document raises.
    """
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(source.first())
            connecting = both.create_task(connect(whereabouts, timeout))
    except BaseException as error:
        if connecting.done() and not connecting.cancelled() and not connecting.exception():
            connecting.result().close()
        if isinstance(error, BaseExceptionGroup):
            raise source.fault or error.exceptions[0] from None
        raise
    return connecting.result()
