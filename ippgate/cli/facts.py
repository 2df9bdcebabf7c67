"""Jobs, queues and devices as plain values, with the names that JSON and tables use."""

from datetime import datetime
from typing import Any

from ippgate.cli.show import size
from ippgate.ipp import Attribute, Range, Resolution, Value
from ippgate.ipp.registry.enums import PrinterState
from ippgate.model.device import Device, DeviceReport
from ippgate.model.document_state import state_of
from ippgate.model.expiry import FOR_EVER, span
from ippgate.model.facts import DocumentFacts
from ippgate.model.group import DeviceGroup
from ippgate.model.hours import hours_of
from ippgate.model.job import Document, Job
from ippgate.model.lifecycle import keyword
from ippgate.model.queue import Queue
from ippgate.model.release_action import ReleaseAction
from ippgate.model.until import NEVER, in_words

_PER_INCH = 3  # RFC 8010 section 3.9


def job_facts(job: Job, *, titles: bool = True) -> dict[str, Any]:
    """A job as `job list` shows it. Without titles: what its owner called things is left out."""
    return {
        "id": job.id,
        "queue": job.queue,
        "user": job.owner,
        "name": job.name if titles else None,
        "state": keyword(job.state),
        "reasons": list(job.reasons),
        "message": job.message,
        "octets": job.size,
        "pages": job.pages,
        "device": job.device,
        "impressions": job.impressions,
        "created": when(job.created_at),
    }


def job_story(
    job: Job, attempts: list[dict[str, Any]], expires: datetime | None = None, *, titles: bool = True
) -> dict[str, Any]:
    """A job as `job show` tells it: what, whose, where it stands and why, what was tried; when it expires."""
    return {
        **job_facts(job, titles=titles),
        "said": job.said or None,
        "unclaimed": job.unclaimed or None,
        "uuid": str(job.uuid),
        "host": job.host,
        "priority": job.priority,
        "hold_until": None if job.hold_until is None else in_words(job.hold_until),
        "hold_ends": when(job.hold_ends),
        "output_delayed_until": "indefinite" if job.delayed_until == NEVER else when(job.delayed_until),
        "retained_until": "indefinite" if job.retained_until == NEVER else when(job.retained_until),
        "release_action": str(job.release_action) if job.release_action else None,
        "wrong_passwords": job.wrong_passwords if job.release_action is ReleaseAction.JOB_PASSWORD else None,
        "tags": list(job.tags),
        "expires": when(expires),
        "asks_for": [attribute_words(attribute) for attribute in job.template],
        "converted_to": job.converted_to,
        "documents": [_document(job, document, titles=titles) for document in _in_order(job)],
        "released_by": job.released_by or None,
        "processing": when(job.processing_at),
        "ended": when(job.completed_at),
        "sheets": job.sheets,
        "attempts": attempts,
    }


def queue_facts(
    queue: Queue, device: str | None, waiting: int | None = None, group: str | None = None
) -> dict[str, Any]:
    """A queue, with its device's or group's name and how many jobs wait."""
    return {
        "name": queue.name,
        "mode": str(queue.mode),
        "device": device,
        "group": group,
        "capabilities": str(queue.capabilities),
        "lenient": queue.options.lenient,
        "hours": {name: str(hours) for name, hours in hours_of(queue.options.hours).items()},
        "release_action": str(queue.options.release_action),
        "password_repertoire": str(queue.options.password_repertoire),
        "shown": str(queue.options.shown),
        "retention": _retention(queue.options.retention),
        "accepting": queue.accepting,
        "paused": queue.paused,
        "holds_new": queue.holds_new,
        "waiting": waiting,
        "info": queue.info,
        "location": queue.location,
        "known_only": queue.options.known_only,
        "hidden": queue.options.hidden,
        "dns_sd_name": queue.dns_sd_name or None,
        "geo_location": queue.geo_location,
        "organization": queue.organization,
        "organizational_unit": queue.organizational_unit,
        "message": queue.message,
        "contact_name": queue.contact_name,
        "contact_uri": queue.contact_uri,
        "defaults": [attribute_words(default) for default in queue.defaults],
        "uuid": str(queue.uuid),
    }


def group_facts(group: DeviceGroup, devices: list[str]) -> dict[str, Any]:
    """A group, with the names of its devices."""
    return {
        "name": group.name,
        "devices": devices,
        "info": group.info,
        "location": group.location,
        "uuid": str(group.uuid),
    }


def device_facts(device: Device) -> dict[str, Any]:
    """A device as `device list` shows it."""
    return {
        "name": device.name,
        "uri": device.uri,
        "state": state(device.report.state),
        "reasons": list(device.report.reasons),
        "message": device.report.message,
        "model": device.report.make_and_model,
        "info": device.info,
        "location": device.location,
        "probed": when(device.probed_at),
        "uuid": str(device.uuid),
    }


def device_story(device: Device) -> dict[str, Any]:
    """A device as `device show` tells it."""
    return {
        **device_facts(device),
        **report_facts(device.report),
        "pjl": device.pjl,
        "resend_unknown": device.resend_unknown,
        "logins": sorted(map(str, device.logins)),
        "card_profile": device.card_profile,
        "auto_release": device.auto_release,
        "pinned_certificate": device.fingerprint.hex() if device.fingerprint else None,
    }


def report_facts(report: DeviceReport) -> dict[str, Any]:
    """What a device said of itself."""
    return {
        "state": state(report.state),
        "reasons": list(report.reasons),
        "message": report.message,
        "accepting": report.accepting,
        "model": report.make_and_model,
        "formats": list(report.formats),
        "speaks_pjl": report.pjl,
    }


def state(printer_state: PrinterState) -> str:
    """idle, processing or stopped."""
    return printer_state.name.lower()


def when(moment: datetime | None) -> str | None:
    """Local time, to the second, with its offset."""
    return moment.astimezone().isoformat(" ", "seconds") if moment else None


def _retention(seconds: int | None) -> str:
    """How long held jobs may wait, as `queue set --retention` takes it."""
    return "usual" if seconds is None else "none" if seconds == FOR_EVER else span(seconds)


def _in_order(job: Job) -> list[Document]:
    return sorted((*job.documents, *job.canceled), key=lambda document: document.number)


def _document(job: Job, document: Document, *, titles: bool) -> dict[str, Any]:
    return {
        "number": document.number,
        "state": state_of(job, document).keyword,
        "format": document.document_format,
        "name": document.name if titles else None,
        "octets": document.size,
        "size": size(document.size),
        "sha256": document.sha256.hex() if document.sha256 else None,
        "found": _found(document.facts, titles=titles) if document.facts else None,
    }


def _found(facts: DocumentFacts, *, titles: bool = True) -> dict[str, Any]:
    """What a document was found to be, whatever its client says."""
    return {
        "format": facts.document_format,
        "pages": facts.pages,
        "color_pages": facts.color_pages,
        "media": [{"x_mm": use.x / 100, "y_mm": use.y / 100, "pages": use.pages} for use in facts.media],
        "copies": facts.copies,
        "sides": facts.sides,
        "producer": facts.producer,
        "title": facts.title if titles else None,
        "encrypted": facts.encrypted,
        "unknown": facts.unknown,
    }


def attribute_words(attribute: Attribute) -> str:
    """An attribute as people write it: copies=2, media-col={media-type=stationery}."""
    return f"{attribute.name}={','.join(map(_value, attribute.values))}"


def _value(value: Value) -> str:
    match value.python:
        case Range(low, high):
            return f"{low}-{high}"
        case Resolution(x, y, units):
            return f"{x}x{y}{'dpi' if units == _PER_INCH else 'dpcm'}"
        case tuple(members):
            return f"{{{' '.join(map(attribute_words, members))}}}"
        case plain:
            return str(plain)
