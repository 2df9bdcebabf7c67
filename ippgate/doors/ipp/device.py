"""What a device is asked as a printer of the gate, besides what is asked about jobs: its attributes, and a sign."""

from typing import Final

from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.device_face import ways
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.face import Now, completed
from ippgate.doors.ipp.place import Place
from ippgate.doors.ipp.requested import requested
from ippgate.intake.ticket import document_format
from ippgate.ipp import Attribute, Status
from ippgate.ipp.registry import attributes as A
from ippgate.model.text import plain
from ippgate.observe import Event, note

ACTIONS: Final = ("display", "flash", "sound", "speak")
"""identify-actions (PWG 5100.13 section 6.1): what a device may be asked for; which it has is its own to say."""

NOTED: Final = "noted in the log of the gate: the device cannot be asked for a sign, or did not answer"


async def get_device_attributes(exchange: Exchange) -> Answer:
    """What the device said of itself, as a printer of the gate; everybody may ask."""
    place = _place(exchange)
    exchange.target()
    document_format(exchange.operation, exchange.capabilities(place.queue))
    services, device, queue = exchange.services, place.device, place.queue
    plan = exchange.room.device_faces.of(device, queue).plan(requested(exchange.operation))
    waiting = 0
    if A.QUEUED_JOB_COUNT in plan.changing:
        waiting = (await services.fleet.on_their_way([device])).get(device.id, 0)
    stopping = queue.paused and await services.traffic.busy(queue.id)
    at, found = exchange.room.clock(), ways(exchange.site, queue)
    return Answer(encoded=completed(plan, Now(exchange.site, queue, [device], waiting, at, found, stopping)))


async def identify_device(exchange: Exchange) -> Answer:
    """The device shows itself, if it can; in any case it is in the log that somebody asked."""
    place, caller = _place(exchange), exchange.caller
    exchange.target()
    asked = exchange.operation.get(A.IDENTIFY_ACTIONS)
    actions = [text for text in asked.texts() if text in ACTIONS] if asked else []
    message = plain(exchange.operation.text(A.MESSAGE) or "", 127)
    facts = {"queue": place.queue.name, "user": caller.name, "client": caller.host, "message": message}
    note(Event.PRINTER_IDENTIFIED, **facts)
    bad = tuple(value for value in asked.values if value.text not in ACTIONS) if asked else ()
    unsupported = [Attribute(A.IDENTIFY_ACTIONS, bad)] if bad else []
    shown = await exchange.services.fleet.identify(place.device, actions, message)
    if shown and not bad:
        return Answer()
    status = Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
    return Answer(status, "" if shown else NOTED, unsupported)


def _place(exchange: Exchange) -> Place:
    assert exchange.place is not None, "asked at a device alone"
    return exchange.place
