"""Set-Printer-Attributes and Get-Printer-Supported-Values (RFC 3380 sections 4.1 and 4.3)."""

from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.requested import printer_names, requested
from ippgate.intake.printer_changes import judge_printer_changes, supported_values
from ippgate.ipp import Group, Tag


async def set_printer_attributes(exchange: Exchange) -> Answer:
    """Describe a queue anew, and choose what its jobs are printed with: all that is asked, or nothing."""
    exchange.check_operator()
    queue = await exchange.named_queue()
    wishes = exchange.message.group(Tag.PRINTER) or Group(Tag.PRINTER)
    said = judge_printer_changes(wishes, queue, exchange.capabilities(queue))
    await exchange.services.fleet.describe_queue(queue, said, exchange.caller.name)
    return Answer()


async def get_printer_supported_values(exchange: Exchange) -> Answer:
    """What may be set, and to what. Anybody may ask; the format of a document makes no difference."""
    queue = await exchange.queue()
    values = supported_values(exchange.capabilities(queue))
    names = printer_names(requested(exchange.operation), [each.name for each in values])
    return Answer(groups=[Group(Tag.PRINTER, [each for each in values if each.name in names])])
