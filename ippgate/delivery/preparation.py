"""What a lane has to convert before it can be sent: one job after the other, while the lane sends others.

A job of its own lane may so be overtaken by one that needs no conversion. Of several lanes each has one document
converted at a time, so none has another wait for more than that.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from ippgate.convert.errors import ConversionError
from ippgate.delivery.outcome import Verdict, failed, given_up, unconverted
from ippgate.delivery.renditions import Need, Renditions
from ippgate.device.book import Book
from ippgate.model.device import Device
from ippgate.model.errors import DocumentDamaged, NotFound, TooLarge, Unavailable
from ippgate.model.lifecycle import Event
from ippgate.model.parcel import Withdrawn
from ippgate.observe import Event as Noted
from ippgate.observe import about, mishap, note
from ippgate.store.lanes import Lease, Load

MOST = 64
"""Jobs of one lane that wait for their conversion, leased; beyond them the lane leases none at all."""

_DATABASE_PAUSE = 1.0  # seconds before the database is asked again
_LOGGED = 2000  # characters of what filters said: the last ones

WITHDRAWN = Verdict(Event.RETRY)
"""The job is not ours any more, and this verdict will find that out."""


class Preparation:
    """The first stage of a device's lane. opened: while it is set documents are begun; ready: called with a load that
    can be sent; ended: with one that cannot, and why.
    """

    def __init__(
        self,
        renditions: Renditions,
        book: Book,
        device: Device,
        opened: asyncio.Event,
        ready: Callable[[Load], None],
        ended: Callable[[Load, Verdict], None],
    ) -> None:
        self._renditions, self._book, self._device = renditions, book, device
        self._opened, self._ready, self._ended = opened, ready, ended
        self._waiting: asyncio.Queue[tuple[Load, Need]] = asyncio.Queue()
        self._under_way: tuple[Lease, asyncio.Timeout] | None = None

    @property
    def room(self) -> int:
        """How many jobs more it takes."""
        return MOST - self._waiting.qsize()

    @property
    def under_way(self) -> Lease | None:
        """By which lease the job is held whose document is being converted."""
        return self._under_way[0] if self._under_way is not None else None

    async def take(self, load: Load) -> None:
        """A job that was just leased. It is ready, or its document is converted first; one that still arrives waits
        until it is whole.
        """
        need = await self._need(load) if self._renditions.enabled else None
        if need is None:
            self._ready(load)
        elif (prepared := self._renditions.made_before(load, need)) is not None:
            self._ready(prepared)
        elif load.parcel.size is not None:
            self._waiting.put_nowait((load, need))
        else:
            with suppress(Unavailable):  # its lease is then found astray
                await self._renditions.put_off(load)
            self._ended(load, WITHDRAWN)

    async def converts(self, load: Load) -> bool:
        """Whether a job's document has to be converted before it can be sent."""
        return self._renditions.enabled and await self._need(load) is not None

    def withdraw(self, lease: Lease) -> None:
        """The job is not held by this lease any more: stop converting its document."""
        if self._under_way is not None and self._under_way[0] == lease:
            self._under_way[1].reschedule(asyncio.get_running_loop().time())

    async def run(self) -> None:
        """Convert until cancelled."""
        while True:
            load, need = await self._waiting.get()
            await self._opened.wait()
            with about(job=load.parcel.job_id):
                prepared = await self._prepared(load, need)
            if isinstance(prepared, Load):
                self._ready(prepared)
            else:
                self._ended(load, prepared)

    async def _need(self, load: Load) -> Need | None:
        """By what the book says of the device now, or said."""
        try:
            device = await self._book.device_by_id(self._device.id)
        except (NotFound, Unavailable):
            device = self._device
        try:
            return self._renditions.need(load, device)
        except Exception as error:  # noqa: BLE001 - one strange job must not stop a lane: it goes as it is
            mishap(error)
            return None

    async def _prepared(self, load: Load, need: Need) -> Load | Verdict:
        """The load with its rendition, or what becomes of the job without. The database is waited for."""
        while True:
            try:
                return await self._made(load, need)
            except Unavailable as error:
                note(Noted.DELIVERY_WAITING, device=need.device, reason=str(error))
                await asyncio.sleep(_DATABASE_PAUSE)
            except Withdrawn:
                return WITHDRAWN
            except ConversionError as error:
                facts = {"source": need.source, "format": need.target, "reason": str(error)}
                note(Noted.DOCUMENT_UNCONVERTED, device=need.device, log=error.log[-_LOGGED:], **facts)
                return unconverted(need.device, need.source, error)
            except TooLarge as error:
                return unconverted(need.device, need.source, error)
            except DocumentDamaged as error:
                return failed(need.device, error)
            except Exception as error:  # noqa: BLE001 - one strange document must not stop a lane
                return given_up(need.device, f"an unexpected error (see the log for {mishap(error)})")

    async def _made(self, load: Load, need: Need) -> Load:
        scope = asyncio.timeout(None)
        try:
            async with scope:
                self._under_way = (load.claim, scope)
                return await self._renditions.make(load, need)
        except TimeoutError:
            if scope.expired():
                raise Withdrawn("the job was held, changed or cancelled while its document was converted") from None
            raise
        finally:
            self._under_way = None
