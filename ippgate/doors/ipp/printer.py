"""Get-Printer-Attributes, Get-User-Printer-Attributes and Identify-Printer (RFC 8011 section 4.2.5, PWG 5100.11 and
5100.13 section 4.1).
"""

from collections.abc import Collection
from typing import Final

from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.client_type import stumbles
from ippgate.doors.ipp.description import IDENTIFY_ACTIONS
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.face import Faces, Now, completed
from ippgate.doors.ipp.requested import requested
from ippgate.doors.ipp.welcome import ways_in
from ippgate.intake.ticket import document_format
from ippgate.ipp import Attribute, Status
from ippgate.ipp.registry import attributes as A
from ippgate.model.queue import Queue, QueueMode
from ippgate.observe import Event, note

_TELLS_URIS_APART: Final = frozenset(
    {A.URI_SECURITY_SUPPORTED, A.URI_AUTHENTICATION_SUPPORTED, A.PRINTER_XRI_SUPPORTED}
)
"""printer-uri-supported has a value for each of theirs (RFC 8011 section 5.4.1)."""


async def get_printer_attributes(exchange: Exchange) -> Answer:
    """Everybody may ask: clients ask before they know who they are."""
    queue = await exchange.queue()
    document_format(exchange.operation, exchange.capabilities(queue))
    faces = exchange.room.faces_for_old if stumbles(exchange.agent) else exchange.room.faces
    return Answer(encoded=await printer_group(exchange, queue, requested(exchange.operation), faces))


async def get_user_printer_attributes(exchange: Exchange) -> Answer:
    """The same for whoever asks: people are told what people may ask for, operators what operators may.

    Credentials count here, as they do not for Get-Printer-Attributes; nobody needs any.
    """
    queue = await exchange.queue()
    document_format(exchange.operation, exchange.capabilities(queue))
    faces = exchange.room.faces if exchange.caller.operator else exchange.room.faces_for_people
    return Answer(encoded=await printer_group(exchange, queue, requested(exchange.operation), faces))


async def printer_group(exchange: Exchange, queue: Queue, asked: tuple[str, ...], faces: Faces | None = None) -> bytes:
    """A queue's printer group, delimiter included. The database is asked only for what the answer needs."""
    plan = (faces or exchange.room.faces).of(queue).plan(asked)
    return completed(plan, await now_of(exchange, queue, plan.changing))


async def now_of(exchange: Exchange, queue: Queue, changing: Collection[str] = ()) -> Now:
    """How a queue does at this moment, as far as these attributes need to know."""
    fleet = exchange.services.fleet
    waiting = await fleet.waiting(queue.id) if A.QUEUED_JOB_COUNT in changing else 0
    devices = await fleet.devices_of(queue) if queue.mode is QueueMode.PASSTHROUGH else ()
    stopping = queue.paused and await exchange.services.traffic.busy(queue.id)
    ways = ways_in(exchange, queue)
    if not _TELLS_URIS_APART.intersection(changing):  # lp and pyipp ask so, and take all values for one URI
        ways = ways[:1]
    full = exchange.services.allowance.full(queue.id)
    return Now(exchange.site, queue, devices, waiting, exchange.room.clock(), ways, stopping, full=full)


async def identify_printer(exchange: Exchange) -> Answer:
    """A gate has no panel: that somebody asked is shown in its log."""
    queue = await exchange.queue()
    asked = exchange.operation.get(A.IDENTIFY_ACTIONS)
    bad = tuple(value for value in asked.values if value.text not in IDENTIFY_ACTIONS) if asked else ()
    note(
        Event.PRINTER_IDENTIFIED,
        queue=queue.name,
        user=exchange.caller.name,
        client=exchange.caller.host,
        message=exchange.text(A.MESSAGE),
    )
    if not bad:
        return Answer()
    return Answer(
        Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES,
        "shown in the log of the gate, which has no panel",
        [Attribute(A.IDENTIFY_ACTIONS, bad)],
    )
