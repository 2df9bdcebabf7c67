"""What queues and devices can be asked for: read from what devices say of themselves, once for each time they change.

Get-Printer-Attributes asks for this with every request, so what is derived is kept: a device's capabilities as long as
it says the same, a queue's as long as those of its devices are the same objects.
"""

from collections.abc import Sequence
from typing import Final

from ippgate.device.book import Book
from ippgate.ipp import Attribute
from ippgate.model.capabilities import SAFE, Capabilities, capabilities_of, intersection, union
from ippgate.model.capabilities.chosen import with_defaults
from ippgate.model.capabilities.offer import Offer, with_own
from ippgate.model.capabilities.reading import relevant
from ippgate.model.device import Device
from ippgate.model.queue import Advertised, Queue

_Said = tuple[object, ...]
_COMBINE: Final = {Advertised.INTERSECTION: intersection, Advertised.UNION: union}


class Abilities:
    """Derived from the book as it was last read. own: what the gate itself offers, in place of the usual."""

    def __init__(self, book: Book, own: Sequence[Offer] = ()) -> None:
        self._book = book
        self._safe = with_own(SAFE, own)
        self._own = own
        self._devices: dict[int, tuple[Device, _Said, Capabilities | None]] = {}
        self._queues: dict[int, tuple[Queue, int, Capabilities]] = {}
        self._chosen: dict[int, tuple[Capabilities, tuple[Attribute, ...], Capabilities]] = {}
        self._combined: dict[tuple[Advertised, tuple[int, ...]], tuple[Sequence[Capabilities], Capabilities]] = {}

    def of_device(self, device: Device) -> Capabilities | None:
        """What can be asked of a device; None: it has never said."""
        known = self._devices.get(device.id)
        if known is not None and known[0] is device:
            return known[2]
        said = _said(device)
        able = known[2] if known is not None and known[1] == said else capabilities_of(device)
        self._devices[device.id] = (device, said, able)
        return able

    def of_queue(self, queue: Queue) -> Capabilities:
        """What a queue advertises. Devices that have never said what they can do are left out; where none has, or the
        queue has no devices, it is the safe profile.
        """
        edition = self._book.edition
        known = self._queues.get(queue.id)
        if known is not None and known[0] is queue and known[1] == edition:
            return known[2]
        able = self._with_defaults(queue, self._advertised(queue))
        self._queues[queue.id] = (queue, edition, able)
        return able

    def _with_defaults(self, queue: Queue, able: Capabilities) -> Capabilities:
        """Kept as long as neither the queue's defaults nor what they are defaults of is another."""
        if not queue.defaults:
            return able
        known = self._chosen.get(queue.id)
        if known is None or known[0] is not able or known[1] != queue.defaults:
            known = self._chosen[queue.id] = (able, queue.defaults, with_defaults(able, queue.defaults))
        return known[2]

    def _advertised(self, queue: Queue) -> Capabilities:
        combine = _COMBINE.get(queue.capabilities)
        if combine is None:
            return self._safe
        found = [self.of_device(device) for device in self._book.known_devices_of(queue)]
        several = list(dict.fromkeys(able for able in found if able is not None))
        if not several:
            return self._safe
        key = (queue.capabilities, tuple(map(id, several)))
        if key not in self._combined:
            if len(self._combined) >= _KEPT:
                self._combined.clear()
            self._combined[key] = (
                several,
                with_own(combine(several), self._own),
            )  # the parts are kept: an id is theirs while they live
        return self._combined[key][1]


_KEPT: Final = 1024
"""Combinations that are kept: about as many as a gate has queues."""


def _said(device: Device) -> tuple[str, bool, tuple[Attribute, ...] | None]:
    attributes = device.report.attributes
    return device.uri, device.pjl, relevant(attributes) if attributes is not None else None
