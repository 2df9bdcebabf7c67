"""A job as it is to be stored first, and the columns that this makes."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ippgate.ipp.registry.enums import JobState
from ippgate.model import ticket
from ippgate.model.job import NewJob
from ippgate.model.storage import Storage
from ippgate.model.until import held_words, named
from ippgate.store.sealed import WrappedKey
from ippgate.store.subscriptions import Subscribing, with_job


@dataclass(frozen=True, slots=True)
class Birth:
    """A job as it is to be born: pending-held, or pending with a device."""

    new: NewJob
    uuid: UUID
    state: JobState
    reasons: tuple[str, ...]
    device_id: int | None
    key: WrappedKey
    message: str = ""  # job-state-message
    decision: bytes | None = None  # what rules decided, stored as it is; None: none has
    tags: tuple[str, ...] = ()
    waits_for: float | None = None  # seconds; a job that still waits then is given up
    password: bytes | None = None  # sealed
    judged: bool = True  # False: it goes nowhere before its document has been looked at


def columns(birth: Birth, subscribing: Subscribing) -> tuple[object, ...]:
    """What `job_accept` and `job_create` are told of it."""
    new = birth.new
    return (
        new.queue_id,
        birth.uuid,
        new.owner,
        new.name,
        new.host,
        ticket.pack(new.template),
        new.priority,
        int(birth.state),
        " ".join(birth.reasons),
        birth.device_id,
        birth.key.octets,
        birth.key.key_id,
        birth.decision,
        _rare(birth, subscribing),
    )


def _rare(birth: Birth, subscribing: Subscribing) -> str | None:
    """What few jobs have, by the names of the type `job_rare`; None for most of them."""
    times = birth.new.times
    rare = {
        "hold_until": named(birth.new.hold_until),
        "hold_ends": _iso(times.hold_ends),
        "held_until": held_words(birth.new.hold_until),
        "delay_until": _iso(times.delayed_until),
        "retain": times.retain,
        "retain_seconds": times.retain_seconds,
        "retain_until": _iso(times.retain_time),
        "cancel_after": times.cancel_after,
        "message": birth.message,
        "tags": birth.tags,
        "waits_for": birth.waits_for,
        "release_action": birth.new.release_action,
        "password": None if birth.password is None else birth.password.hex(),
        "said": birth.new.said,
        "unclaimed": birth.new.unclaimed or None,
        **_storage(birth.new.storage),
        "subscriptions": with_job(birth.new.subscriptions, subscribing),
    }
    told = {name: value for name, value in rare.items() if value not in (None, "", ())}
    return json.dumps(told) if told else None


def _storage(asked: Storage | None) -> dict[str, str]:
    if asked is None:
        return {}
    return {"storage": asked.disposition, "storage_access": asked.access, "storage_group": asked.group}


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
