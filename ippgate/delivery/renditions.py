"""Documents in a format that their device prints: converted once, stored as documents are, sent from there.

A rendition is made before anything leaves for the device. It belongs to its job and goes with it; another try at the
same device finds it. What a crash leaves of one that is not whole is swept when the next is begun, or the job ends.
"""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from ippgate.convert.converter import Converter
from ippgate.convert.layout import sheet_for
from ippgate.convert.sheet import Sheet
from ippgate.delivery.outcome import awaiting_conversion
from ippgate.model.capabilities import Capabilities
from ippgate.model.device import Device
from ippgate.model.errors import DocumentDamaged
from ippgate.model.parcel import Withdrawn
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.spool import RENDITION, JobKey, Spool
from ippgate.spool.spool import Stored, frames
from ippgate.store.lanes import Load, Rendition
from ippgate.store.renditions import RenditionStore

_READ_PATIENCE = 30.0  # seconds that a conversion waits in the middle of a document while the database is away


@dataclass(frozen=True, slots=True)
class Need:
    """A document that its device does not print: what it is, what it has to become, and on which paper."""

    device: str
    source: str
    target: str
    sheet: Sheet


class Renditions:
    """Makes renditions. able: what a device can be asked for."""

    def __init__(
        self,
        converter: Converter,
        store: RenditionStore,
        spool: Spool,
        able: Callable[[Device], Capabilities | None],
    ) -> None:
        self._converter, self._store, self._spool, self._able = converter, store, spool, able
        self.enabled = converter.settings.enabled

    def need(self, load: Load, device: Device) -> Need | None:
        """What a job's document has to become for a device. None: it goes as it is, for the device prints it, or for
        nothing can be done about it.
        """
        source, template = load.document_format, load.parcel.template
        if not self.enabled or device.prints(source):
            return None
        target = self._converter.possible(source, device.report.formats)
        if target is None:
            return None
        return Need(device.name, source, target, sheet_for(target, template, self._able(device), load.facts))

    def made_before(self, load: Load, need: Need) -> Load | None:
        """The load with the rendition that an earlier try has left; None: there is none, or not such a one."""
        there = load.rendition
        if there is None or (there.document_format, there.sheet) != (need.target, str(need.sheet)):
            return None
        return _instead(load, there)

    async def make(self, load: Load, need: Need) -> Load:
        """Convert the document; the load with its rendition.

        Raises Withdrawn when the job was held, changed or ended meanwhile, ConversionError, DocumentDamaged, TooLarge
        and Unavailable.
        """
        key, sheet, began = self._key(load), str(need.sheet), time.monotonic()
        message = awaiting_conversion(need.device, need.target)
        oid = await self._store.begin(load.claim, need.target, sheet, message)
        if oid is None:
            raise Withdrawn("the job was held or cancelled before its document was converted")
        async with (
            aclosing(self._document(load, key)) as document,
            self._converter.converted(document, need.source, need.target, need.sheet) as converted,
        ):
            stored = await self._stored(oid, key, converted)
        if not await self._store.finish(load.claim, oid, stored.size, stored.sha256):
            raise Withdrawn("the job was held or cancelled while its document was converted")
        note(
            Noted.DOCUMENT_CONVERTED,
            device=need.device,
            source=need.source,
            format=need.target,
            octets=stored.size,
            seconds=round(time.monotonic() - began, 3),
        )
        return _instead(load, Rendition(oid, need.target, sheet, stored.size))

    async def put_off(self, load: Load) -> None:
        """Have a job wait whose document still arrives. Raises Unavailable."""
        await self._store.put_off(load.claim)

    async def _stored(self, oid: int, key: JobKey, converted: AsyncIterator[bytes]) -> Stored:
        return await self._spool.write(oid, RENDITION, key, frames(converted))

    def _key(self, load: Load) -> JobKey:
        if load.key is None or load.oid is None:
            raise DocumentDamaged(f"the document of job {load.parcel.job_id} is gone")
        return self._spool.keys.unwrap(load.key)

    async def _document(self, load: Load, key: JobKey) -> AsyncGenerator[bytes, None]:
        if load.frame is not None:
            yield self._spool.open_small(load.frame, load.number, key)
            return
        assert load.oid is not None
        async with aclosing(self._spool.read(load.oid, load.number, key, patience=_READ_PATIENCE)) as stored:
            async for chunk in stored:
                yield chunk


def _instead(load: Load, rendition: Rendition) -> Load:
    """The load with the rendition in the place of its document."""
    parcel = replace(load.parcel, document_format=rendition.document_format, size=rendition.size)
    return replace(load, parcel=parcel, oid=rendition.oid, frame=None, number=RENDITION, rendition=rendition)
