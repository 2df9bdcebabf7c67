"""Rows → nouns. A Record goes no further than here."""

from functools import lru_cache
from typing import Any

from ippgate.ipp import Group, Limits, Tag, decode
from ippgate.ipp.registry.enums import JobState, PrinterState
from ippgate.model import queue_options, ticket
from ippgate.model.device import Device, DeviceReport
from ippgate.model.facts import DocumentFacts
from ippgate.model.group import DeviceGroup
from ippgate.model.job import Document, Job
from ippgate.model.packed_facts import unpack
from ippgate.model.queue import Advertised, Queue, QueueMode
from ippgate.model.release_action import ReleaseAction
from ippgate.model.session import LoginBy
from ippgate.model.storage import Access, Disposition, Storage

_ENDED = JobState.CANCELED  # and what comes after it
_KEPT = Limits(header_octets=1 << 30, attributes=1 << 20, values=1 << 20, members=1 << 20)
"""What was taken from a device once, within the bounds of its wire, is read again whatever its size."""

_REMEMBERED = 4096  # devices' attributes and documents' facts that are not decoded again while they stay the same


def job_from(row: Any) -> Job:
    """A row of `job_get`."""
    documents = _documents(row)
    return Job(
        id=row["id"],
        uuid=row["uuid"],
        queue_id=row["queue_id"],
        queue=row["queue"],
        owner=row["owner"],
        name=row["name"],
        state=JobState(row["state"]),
        reasons=tuple(row["reasons"]),
        created_at=row["created_at"],
        host=row["host"],
        message=row["message"],
        priority=row["priority"],
        hold_until=row["hold_until"] or row["hold_until_time"],
        hold_ends=row["hold_until_time"],
        held_until=row["held_until"],
        delayed_until=row["delay_until"],
        retained_until=row["retain_until"] if row["state"] >= _ENDED else None,
        device_id=row["device_id"],
        device=row["device"],
        device_uuid=row["device_uuid"],
        template=ticket.unpack(row["ticket"]),
        incoming=row["incoming_until"] is not None,
        documents=tuple(each for each in documents if each.canceled_at is None),
        processing_at=row["processing_at"],
        completed_at=row["completed_at"],
        impressions=row["impressions"],
        sheets=row["sheets"],
        tags=tuple(row["tags"]),
        expires_at=row["expires_at"],
        waits_since=row["waits_since"],
        keeps=row["keeps"],
        released_by=row["released_by"] or "",
        judged=row["judged"],
        ruled=row["ruled"],
        release_action=ReleaseAction(row["release_action"]) if row["release_action"] else None,
        wrong_passwords=row["wrong_passwords"],
        said=row["said"] or "",
        unclaimed=row["unclaimed"],
        converted_to=row["rendition_format"] if row["rendition_size"] is not None else None,
        canceled=tuple(each for each in documents if each.canceled_at is not None),
        edition=row["edition"],
        storage=_storage(row),
        stored=row["stored"],
        sending=row["sending"],
    )


def _storage(row: Any) -> Storage | None:
    if row["storage"] is None:
        return None
    return Storage(Disposition(row["storage"]), Access(row["storage_access"]), row["storage_group"] or "")


def _documents(row: Any) -> tuple[Document, ...]:
    if row["numbers"] is None:
        return ()
    facts = (facts_from(stored) for stored in row["facts"])
    columns = [row["numbers"], row["oids"], row["formats"], row["names"], row["sizes"], row["sums"], facts]
    if row["created"] is not None:
        columns += (row["created"], row["canceled"], row["printed"])
    return tuple(Document(*fields) for fields in zip(*columns, strict=True))


@lru_cache(_REMEMBERED)
def facts_from(stored: bytes | None) -> DocumentFacts | None:
    """What a document was found to be, as it is stored; None: nobody has looked yet."""
    return None if stored is None else unpack(stored)


def queue_from(row: Any) -> Queue:
    """A row of `queue`."""
    return Queue(
        id=row["id"],
        uuid=row["uuid"],
        name=row["name"],
        mode=QueueMode(row["mode"]),
        device_id=row["device_id"],
        info=row["info"],
        location=row["location"],
        accepting=row["accepting"],
        changed_at=row["changed_at"],
        paused=row["paused"],
        holds_new=row["holds_new_since"] is not None,
        group_id=row["group_id"],
        capabilities=Advertised(row["capabilities"]),
        options=queue_options.unpack(row["options"]),
        dns_sd_name=row["dns_sd_name"],
        geo_location=row["geo_location"],
        organization=row["organization"],
        organizational_unit=row["organizational_unit"],
        message=row["message"],
        contact_name=row["contact_name"],
        contact_uri=row["contact_uri"],
        defaults=() if row["defaults"] is None else ticket.unpack(row["defaults"]),
        of_device=row["of_device"],
    )


def group_from(row: Any) -> DeviceGroup:
    """A row of `group_list`."""
    return DeviceGroup(row["id"], row["uuid"], row["name"], tuple(row["members"]), row["info"], row["location"])


def device_from(row: Any) -> Device:
    """A row of `device`."""
    return Device(
        id=row["id"],
        uuid=row["uuid"],
        name=row["name"],
        uri=row["uri"],
        info=row["info"],
        location=row["location"],
        pjl=row["pjl"],
        resend_unknown=row["resend_unknown"],
        fingerprint=row["fingerprint"],
        report=DeviceReport(
            state=PrinterState(row["state"]),
            reasons=tuple(row["reasons"]),
            message=row["message"],
            accepting=row["accepting"],
            make_and_model=row["make_and_model"],
            formats=tuple(row["formats"]),
            pjl=row["pjl"],
            attributes=_attributes(row["attributes"]),
        ),
        probed_at=row["probed_at"],
        logins=frozenset(map(LoginBy, row["logins"])),
        card_profile=row["card_profile"],
        auto_release=row["auto_release"],
    )


@lru_cache(_REMEMBERED)
def _attributes(stored: bytes | None) -> Group | None:
    if stored is None:
        return None
    message, _ = decode(stored, _KEPT)
    return message.group(Tag.PRINTER)
