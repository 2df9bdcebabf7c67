"""Whether a device can take a job, decided before anything is sent: pure."""

from collections.abc import Callable, Iterable

from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.device import Device
from ippgate.model.errors import DeviceNotReady, FormatNotSupported
from ippgate.model.facts import DocumentFacts
from ippgate.model.job import OCTET_STREAM, Document, Job

Possible = Callable[[str, Iterable[str]], str | None]
"""The format to which a document can be converted, of those that a device takes; None: to none."""


def unconverted(_source: str, _taken: Iterable[str]) -> None:
    """Where nothing is converted."""


def obstacle(
    device: Device, formats: Iterable[str], possible: Possible = unconverted
) -> DeviceNotReady | FormatNotSupported | None:
    """What keeps a device from printing documents of these formats, converted if need be, in a sentence for the person
    who stands there.

    A device that sleeps is waited for by its lane: that is no obstacle.
    """
    report = device.report
    for document_format in formats:
        if not device.prints(document_format) and possible(document_format, report.formats) is None:
            offered = ", ".join(report.formats)
            return FormatNotSupported(f"{device.name} cannot print {document_format}; it takes {offered}"[:500])
    if report.state is PrinterState.STOPPED and not device.silent:
        why = report.message or ", ".join(report.reasons) or "it does not say why"
        return DeviceNotReady(f"{device.name} is stopped ({why}): choose another device or try again when it is ready")
    if not report.accepting:
        return DeviceNotReady(f"{device.name} takes no jobs at the moment: choose another device")
    return None


def check_fitness(job: Job, device: Device, possible: Possible = unconverted) -> None:
    """Raises DeviceNotReady or FormatNotSupported with the reason, in a sentence for the person at the device."""
    found = obstacle(device, formats_of(job), possible)
    if found is not None:
        raise found


def formats_of(job: Job) -> tuple[str, ...]:
    """The formats of a job's documents that are still to be printed: what their clients said, or, where they did not
    know, what was found.
    """
    return tuple(_format(document) for document in job.documents if not document.printed)


def facts_of(job: Job) -> DocumentFacts | None:
    """What the job's document was found to be; None: nobody has looked yet, or there are several."""
    return job.documents[0].facts if len(job.documents) == 1 else None


def _format(document: Document) -> str:
    found = document.facts.document_format if document.facts else None
    return found if found and document.document_format == OCTET_STREAM else document.document_format
