"""Whether a device can take a job, decided before anything is sent: pure."""

from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.device import Device
from ippgate.model.errors import DeviceNotReady, FormatNotSupported
from ippgate.model.job import Job


def check_fitness(job: Job, device: Device) -> None:
    """Raises DeviceNotReady or FormatNotSupported with the reason, in a sentence for the person at the device."""
    report = device.report
    if report.state is PrinterState.STOPPED and not device.silent:  # a device that sleeps is waited for by its lane
        why = report.message or ", ".join(report.reasons) or "it does not say why"
        raise DeviceNotReady(f"{device.name} is stopped ({why}): choose another device or try again when it is ready")
    if not report.accepting:
        raise DeviceNotReady(f"{device.name} takes no jobs at the moment: choose another device")
    for document in job.documents:
        if not device.prints(document.document_format):
            offered = ", ".join(report.formats)
            raise FormatNotSupported(f"{device.name} cannot print {document.document_format}; it takes {offered}"[:500])
