"""Nouns as tests need them: whole, and plain but for what the test says."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from ippgate.ipp.registry.enums import JobState, PrinterState
from ippgate.model.device import Device, DeviceReport
from ippgate.model.job import Document, Job
from ippgate.model.parcel import Sighting
from ippgate.model.queue import Queue, QueueMode

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def queue(mode: QueueMode = QueueMode.RELEASE_PRINTING, **facts: Any) -> Queue:
    return Queue(1, UUID(int=1), "followme", mode, **facts)


def device(*, state: PrinterState = PrinterState.IDLE, **facts: Any) -> Device:
    """`formats`, `reasons`, `message`, `accepting` are what it reports."""
    told = {name: facts.pop(name) for name in ("formats", "reasons", "message", "accepting") if name in facts}
    return Device(7, UUID(int=7), "printer", "ipp://192.0.2.7/ipp/print", report=DeviceReport(state, **told), **facts)


def job(*formats: str, state: JobState = JobState.PENDING_HELD, **facts: Any) -> Job:
    """A job with a document of each format."""
    documents = tuple(Document(n, 100 + n, one, "", 10, bytes(32)) for n, one in enumerate(formats, start=1))
    return Job(5, UUID(int=5), 1, "followme", "alice", "report", state, (), NOON, documents=documents, **facts)


def sighting(state: JobState, *reasons: str, **facts: Any) -> Sighting:
    return Sighting(17, state, reasons, **facts)
