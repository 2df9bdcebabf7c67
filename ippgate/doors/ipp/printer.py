"""Get-Printer-Attributes and Identify-Printer (RFC 8011 section 4.2.5, PWG 5100.13 section 4.1)."""

from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.description import IDENTIFY_ACTIONS
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.face import Now, completed
from ippgate.doors.ipp.requested import requested
from ippgate.intake.ticket import document_format
from ippgate.ipp import Attribute, Status
from ippgate.ipp.registry import attributes as A
from ippgate.model.errors import NotFound
from ippgate.model.queue import Queue, QueueMode
from ippgate.observe import Event, note


async def get_printer_attributes(exchange: Exchange) -> Answer:
    """Everybody may ask: clients ask before they know who they are."""
    queue = await exchange.queue()
    document_format(exchange.operation, exchange.capabilities(queue))
    return Answer(encoded=await printer_group(exchange, queue, requested(exchange.operation)))


async def printer_group(exchange: Exchange, queue: Queue, asked: tuple[str, ...]) -> bytes:
    """A queue's printer group, delimiter included. The database is asked only for what the answer needs."""
    fleet = exchange.services.fleet
    plan = exchange.room.faces.of(queue).plan(asked)
    waiting = await fleet.waiting(queue.id) if A.QUEUED_JOB_COUNT in plan.changing else 0
    device = None
    if queue.mode is QueueMode.PASSTHROUGH and queue.device_id is not None:
        try:
            device = await fleet.device_by_id(queue.device_id)
        except NotFound:
            device = None  # removed at this moment: the queue tells of itself alone
    return completed(plan, Now(exchange.site, queue, device, waiting, exchange.room.clock()))


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
