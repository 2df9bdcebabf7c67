"""What lp, lpstat and cancel ask of a server: CUPS-Get-Printers, -Classes and -Default (CUPS IPP operations)."""

from collections.abc import Sequence
from typing import Final

from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.printer import printer_group
from ippgate.doors.ipp.requested import requested
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities.printer_type import printer_type
from ippgate.model.errors import NotFound
from ippgate.model.queue import Queue

GET_CLASSES: Final = 0x4005
"""CUPS-Get-Classes: CUPS's own, registered nowhere; lpstat gives up without an answer."""

PRINTER_TYPE_MASK: Final = "printer-type-mask"
"""An operation attribute of CUPS alone: the bits of printer-type that count."""

NO_QUEUE: Final = "there is no queue yet: its operator adds one with `ippgate queue add`"


async def cups_get_printers(exchange: Exchange) -> Answer:
    """Every queue."""
    queues = await exchange.services.fleet.queues()
    if not queues:
        raise NotFound(NO_QUEUE)
    asked = requested(exchange.operation)
    chosen = _chosen(exchange, queues)
    return Answer(encoded=b"".join([await printer_group(exchange, queue, asked) for queue in chosen]))


async def cups_get_classes(_exchange: Exchange) -> Answer:
    """A class is several printers under one name: there are none."""
    return Answer()


async def cups_get_default(exchange: Exchange) -> Answer:
    """The default queue."""
    queue = await exchange.services.fleet.default_queue()
    if queue is None:
        raise NotFound(NO_QUEUE)
    asked = requested(exchange.operation)
    return Answer(encoded=await printer_group(exchange, queue, asked))


def _chosen(exchange: Exchange, queues: Sequence[Queue]) -> Sequence[Queue]:
    """By kind (lpstat asks for classes of printers, and there are none), from a name on, so many."""
    operation = exchange.operation
    kind, mask = operation.integer(A.PRINTER_TYPE) or 0, operation.integer(PRINTER_TYPE_MASK) or 0
    if mask:
        queues = [each for each in queues if printer_type(exchange.capabilities(each)) & mask == kind & mask]
    first = operation.text(A.FIRST_PRINTER_NAME)
    names = [queue.name for queue in queues]
    start = names.index(first) if first in names else 0
    limit = operation.integer(A.LIMIT) or 0
    return queues[start : start + limit] if limit > 0 else queues[start:]
