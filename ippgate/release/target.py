"""What a name or uuid points to, a device or a group, and which device of several takes a job."""

from collections.abc import Sequence
from uuid import UUID

from ippgate.device.abilities import Abilities
from ippgate.device.book import Book
from ippgate.ipp import Attribute
from ippgate.model.device import Device
from ippgate.model.errors import NotFound
from ippgate.model.group import DeviceGroup
from ippgate.model.queue import Queue, QueueMode
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.release.choice import Candidate, Choice, Wanted, choose
from ippgate.release.fitness import Possible, unconverted


class Target:
    """Looks into the book, and at how many jobs are on their way to whom. possible: what documents can be converted
    to.
    """

    def __init__(self, book: Book, abilities: Abilities, possible: Possible = unconverted) -> None:
        self._book, self._abilities, self._possible = book, abilities, possible

    async def named(self, name: str | UUID) -> Device | DeviceGroup:
        """A device by its name or uuid, or a group by its uuid. Raises NotFound."""
        if isinstance(name, str):
            return await self._book.device(name)
        try:
            return await self._book.device_by_uuid(name)
        except NotFound:
            pass
        try:
            return await self._book.group_by_uuid(name)
        except NotFound:
            raise NotFound(f"there is no device urn:uuid:{name}") from None

    async def of_group(self, group: DeviceGroup, wanted: Wanted) -> tuple[Device, tuple[Attribute, ...]]:
        """The device of a group that takes a job, and the template it gets there. Raises Refusal when none can."""
        choice = await self._chosen(await self._book.members(group), wanted)
        if choice.device is None:
            raise choice.refusal(f"group {group.name}")
        return choice.device, choice.template

    async def on_arrival(
        self, queue: Queue, formats: Sequence[str], template: Sequence[Attribute], *, direct: bool = False
    ) -> int | None:
        """Where a job that just arrives in this queue is to go, as a device's id; None: that is decided later.

        A group's devices that are not ready are waited for, as a single device would be. direct: the job goes at once,
        whatever the queue's mode. Raises FormatNotSupported when none of them prints these formats, converted if need
        be, and DeviceNotReady when there is none.
        """
        if queue.group_id is None:
            return queue.device_id
        if queue.mode is not QueueMode.PASSTHROUGH and not direct:
            return None
        wanted = Wanted(tuple(formats), tuple(template))
        choice = await self._chosen(await self._book.devices_of(queue), wanted, patient=True)
        if choice.device is None:
            raise choice.refusal(f"queue {queue.name}")
        return choice.device.id

    async def sent_to(
        self, name: str, formats: Sequence[str], template: Sequence[Attribute], *, direct: bool
    ) -> int | None:
        """The device of that name, or, for a job that goes at once, the best of the group of that name; None: one of
        the group is chosen at release. Raises NotFound, and what `on_arrival` raises.
        """
        try:
            return (await self._book.device(name)).id
        except NotFound:
            group = await self._book.group(name)
        if not direct:
            return None
        wanted = Wanted(tuple(formats), tuple(template))
        choice = await self._chosen(await self._book.members(group), wanted, patient=True)
        if choice.device is None:
            raise choice.refusal(f"group {group.name}")
        return choice.device.id

    async def _chosen(self, devices: Sequence[Device], wanted: Wanted, *, patient: bool = False) -> Choice:
        waiting = await self._book.on_their_way(devices) if devices else {}
        candidates = [Candidate(one, self._abilities.of_device(one), waiting.get(one.id, 0)) for one in devices]
        choice = choose(candidates, wanted, patient=patient, possible=self._possible)
        if choice.device is not None:
            note(Noted.DEVICE_CHOSEN, device=choice.device.name, passed="; ".join(one.reason for one in choice.passed))
        return choice
