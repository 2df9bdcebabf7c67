"""Queues, devices, their groups and the gate's own settings in PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import asyncpg

from ippgate.ipp import Attribute, Message, encode
from ippgate.model import ticket
from ippgate.model.device import Device, DeviceReport
from ippgate.model.errors import NotFound, NotPossible
from ippgate.model.group import DeviceGroup
from ippgate.model.queue import Description, Queue
from ippgate.model.queue_options import pack
from ippgate.model.session import LoginBy
from ippgate.store.database import Database
from ippgate.store.row import device_from, group_from, queue_from


class FleetStore:
    """The repository of queues and devices."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def queues(self) -> list[Queue]:
        return [queue_from(row) for row in await self._db.fetch("queue_list")]

    async def devices(self) -> list[Device]:
        return [device_from(row) for row in await self._db.fetch("device_list")]

    async def device_by_id(self, device_id: int) -> Device:
        """Raises NotFound."""
        return self._device(await self._db.row("device_by_id", device_id), str(device_id))

    async def device_by_uuid(self, uuid: UUID) -> Device:
        """Raises NotFound."""
        return self._device(await self._db.row("device_by_uuid", uuid), f"urn:uuid:{uuid}")

    async def add_queue(self, queue: Queue) -> Queue:
        """Raises NotPossible when the name is taken; id and uuid of the argument do not count."""
        try:
            row = await self._db.row("queue_add", *_columns(queue))
        except asyncpg.UniqueViolationError:
            raise NotPossible(f"there is a queue {queue.name} already") from None
        return queue_from(row)

    async def set_queue(self, queue: Queue) -> Queue:
        """Store the queue's properties under its name. Raises NotFound."""
        row = await self._db.row("queue_set", *_columns(queue), queue.accepting)
        if row is None:
            raise NotFound(f"there is no queue {queue.name}")
        return queue_from(row)

    async def name_announced(self, name: str, dns_sd_name: str) -> None:
        """Keep the name by which the network knows a queue."""
        await self._db.value("queue_name_announced", name, dns_sd_name)

    async def describe_queue(self, seen: Queue, said: Description) -> Queue | None:
        """Store what is said of a queue. None: it is gone, or its defaults are no longer those that were `seen`."""
        texts = (said.info, said.location, said.geo_location, said.organization, said.organizational_unit)
        more = (said.message, said.contact_name, said.contact_uri)
        defaults = (_packed(said.defaults or ()), _packed(seen.defaults), said.defaults is not None)
        row = await self._db.row("queue_describe", seen.name, *texts, *more, *defaults)
        return None if row is None else queue_from(row)

    async def remove_queue(self, name: str) -> bool:
        """False: it does not exist, or has jobs."""
        try:
            return await self._db.value("queue_remove", name) is not None
        except asyncpg.ForeignKeyViolationError:
            return False  # a job came in that very moment

    async def add_device(self, device: Device) -> Device:
        """Raises NotPossible when the name is taken; id and uuid of the argument do not count."""
        fields = (
            device.name,
            device.uri,
            device.info,
            device.location,
            device.pjl,
            device.resend_unknown,
            device.fingerprint,
        )
        try:
            return device_from(await self._db.row("device_add", *fields))
        except asyncpg.UniqueViolationError:
            raise NotPossible(f"there is a device {device.name} already") from None

    async def move_device(self, name: str, uri: str) -> Device:
        """Raises NotFound."""
        return self._device(await self._db.row("device_move", name, uri), name)

    async def set_logins(
        self, name: str, logins: Iterable[LoginBy], card_profile: str, *, auto_release: bool
    ) -> Device:
        """Raises NotFound."""
        ways = sorted(map(str, logins))
        return self._device(await self._db.row("device_logins", name, ways, card_profile, auto_release), name)

    async def report(self, device_id: int, report: DeviceReport) -> None:
        """Keep what a device said of itself."""
        stored = encode(Message((2, 0), 0, 1, [report.attributes])) if report.attributes is not None else None
        facts = (int(report.state), list(report.reasons), report.message, report.accepting, report.make_and_model)
        await self._db.value("device_report", device_id, *facts, list(report.formats), report.pjl, stored)

    async def remove_device(self, name: str) -> bool:
        """False: it does not exist, or a queue, a group or a job points to it."""
        try:
            return await self._db.value("device_remove", name) is not None
        except asyncpg.ForeignKeyViolationError:
            return False  # something came to it in that very moment

    async def waiting(self, device_ids: Sequence[int], bound: int) -> dict[int, int]:
        """How many jobs are on their way to each of these devices; those in its lane counted up to `bound`."""
        rows = await self._db.fetch("device_waiting", list(device_ids), bound)
        return {row["id"]: row["jobs"] for row in rows}

    async def groups(self) -> list[DeviceGroup]:
        return [group_from(row) for row in await self._db.fetch("group_list")]

    async def add_group(self, group: DeviceGroup) -> DeviceGroup:
        """Raises NotPossible when the name is taken, NotFound for a device that is gone; id and uuid of the argument
        do not count.
        """
        try:
            with _devices_expected():
                return group_from(await self._db.row("group_add", *_facts(group)))
        except asyncpg.UniqueViolationError:
            raise NotPossible(f"there is a group {group.name} already") from None

    async def set_group(self, group: DeviceGroup) -> DeviceGroup:
        """Store the group's properties and members under its name. Raises NotFound."""
        with _devices_expected():
            row = await self._db.row("group_set", *_facts(group))
        if row is None:
            raise NotFound(f"there is no group {group.name}")
        return group_from(row)

    async def remove_group(self, name: str) -> bool:
        """False: it does not exist, or a queue points to it."""
        try:
            return await self._db.value("group_remove", name) is not None
        except asyncpg.ForeignKeyViolationError:
            return False  # a queue came to it in that very moment

    async def setting(self, name: str, default: str) -> str:
        """One of the gate's own facts; the default is kept when there is none yet."""
        return str(await self._db.value("setting_default", name, default))

    async def put_setting(self, name: str, value: str) -> None:
        await self._db.value("setting_put", name, value)

    def _device(self, row: asyncpg.Record | None, name: str) -> Device:
        if row is None:
            raise NotFound(f"there is no device {name}")
        return device_from(row)


def _columns(queue: Queue) -> tuple[object, ...]:
    target = (queue.device_id, queue.group_id)
    told = (str(queue.capabilities), queue.info, queue.location)
    return (queue.name, str(queue.mode), *target, *told, pack(queue.options))


def _packed(defaults: tuple[Attribute, ...]) -> bytes | None:
    return ticket.pack(defaults) if defaults else None


def _facts(group: DeviceGroup) -> tuple[object, ...]:
    return (group.name, group.info, group.location, sorted(set(group.members)))


@contextmanager
def _devices_expected() -> Iterator[None]:
    try:
        yield
    except asyncpg.ForeignKeyViolationError:
        raise NotFound("one of these devices was removed a moment ago") from None
