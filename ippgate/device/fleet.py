"""What operators write into the book: queues, devices, groups. Written through, and every worker is told.

Only operators register devices; nothing listens for announcements (SECURITY S10). A device is asked about itself before
it is taken.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from ippgate.device.book import Book
from ippgate.model.card_number import profile_of
from ippgate.model.device import Device, DeviceReport
from ippgate.model.errors import DeviceNotReady, NotPossible, Unavailable
from ippgate.model.group import MAX_MEMBERS, DeviceGroup
from ippgate.model.parcel import DeliveryError
from ippgate.model.queue import Advertised, Description, Queue, QueueMode
from ippgate.model.queue_options import USUAL, QueueOptions
from ippgate.model.session import LoginBy
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.fleet import FleetStore
from ippgate.store.jobs import JobStore
from ippgate.transport.port import Transport

_NIL = UUID(int=0)
_NOTHING: Mapping[str, Any] = {}
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")
_OF_ANY_QUEUE = {"info", "location", "accepting"}  # what may be changed even of a device's own queue
_IDENTIFIED_WITHIN = 10.0  # seconds that a device is waited for that is to show itself


class Fleet(Book):
    """The book, and how it is written.

    open_transport: a wire for asking a device about itself, and whether it may be asked if it speaks PJL;
    pin: the SHA-256 of the certificate that a URI shows.
    """

    def __init__(
        self,
        store: FleetStore,
        jobs: JobStore,
        open_transport: Callable[[Device, bool], Transport],
        pin: Callable[[str], Awaitable[bytes]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(store, jobs, clock)
        self._open, self._pin = open_transport, pin
        self._showing: set[int] = set()  # devices that are asked to show themselves at this moment

    # ── queues ──

    async def add_queue(
        self,
        name: str,
        mode: QueueMode,
        device: str | None = None,
        info: str = "",
        location: str = "",
        *,
        group: str | None = None,
        capabilities: Advertised = Advertised.SAFE,
        options: QueueOptions = USUAL,
    ) -> Queue:
        """Raises NotPossible (the name is taken, a passthrough queue without a target) and NotFound."""
        queue = Queue(0, _NIL, _named(name), mode, None, info, location, capabilities=capabilities, options=options)
        queue = await self._aimed(queue, device, group)
        _check_target(queue)
        added = await self._store.add_queue(queue)
        self.forget()
        note(Noted.QUEUE_ADDED, queue=name)
        return added

    async def set_queue(
        self,
        name: str,
        *,
        device: str | None = None,
        group: str | None = None,
        all_devices: bool = False,
        options: Mapping[str, Any] = _NOTHING,
        **changes: Any,
    ) -> Queue:
        """Change mode, info, location, accepting, capabilities, some options or the devices of a queue. Raises NotFound
        and NotPossible.
        """
        queue = await self.queue(name)
        if queue.of_device and (device or group or all_devices or changes.keys() - _OF_ANY_QUEUE):
            raise NotPossible(f"{name} is a device's own queue: it prints there, and there alone")
        queue = replace(queue, **changes, options=replace(queue.options, **options))
        if all_devices:
            queue = replace(queue, device_id=None, group_id=None)
        queue = await self._aimed(queue, device, group)
        _check_target(queue)
        changed = await self._store.set_queue(queue)
        self.forget()
        note(Noted.QUEUE_CHANGED, queue=name)
        return changed

    async def name_announced(self, name: str, dns_sd_name: str) -> None:
        """The network knows the queue by this name now; a queue that is gone has none."""
        await self._store.name_announced(name, dns_sd_name)
        self.forget()

    async def describe_queue(self, seen: Queue, said: Description, by: str) -> Queue:
        """Say this of a queue from now on (Set-Printer-Attributes, RFC 3380). seen: the queue as it was when `said` was
        made of it. Raises NotFound, and Unavailable when somebody else has changed its defaults since.
        """
        changed = await self._store.describe_queue(seen, said)
        self.forget()
        if changed is None:
            await self.queue(seen.name)
            raise Unavailable(f"{seen.name} is being changed by somebody else at this moment: look at it and try again")
        note(Noted.QUEUE_CHANGED, queue=seen.name, user=by)
        return changed

    async def remove_queue(self, name: str) -> None:
        """Raises NotFound, and NotPossible while it has jobs."""
        if (await self.queue(name)).of_device:
            raise NotPossible(f"{name} is a device's own queue: it goes with the device (ippgate device remove)")
        if not await self._store.remove_queue(name):
            raise NotPossible(f"the queue {name} has jobs: purge them first (ippgate job purge)")
        self.forget()
        note(Noted.QUEUE_REMOVED, queue=name)

    # ── devices ──

    async def add_device(
        self,
        name: str,
        uri: str,
        *,
        info: str = "",
        location: str = "",
        pjl: bool | None = None,
        resend_unknown: bool = False,
        pin: bool = False,
        force: bool = False,
    ) -> Device:
        """Register a device after asking it about itself; `force` registers one that does not answer.

        pjl: whether it speaks PJL; None: found out. pin: trust the certificate that it shows now, and no other.
        Raises NotPossible (name taken, URI that cannot be called) and DeviceNotReady (no sensible answer).
        """
        device = Device(0, _NIL, _named(name), uri, info, location, bool(pjl), resend_unknown)
        report = None
        try:
            device = replace(device, fingerprint=await self._pin(uri) if pin else None)
            report = await self._ask(device, ask_pjl=pjl is None)
        except ValueError as error:
            raise NotPossible(str(error)) from error
        except DeliveryError as error:
            if not force or pin:
                raise DeviceNotReady(
                    f"{uri} was not registered: {error} (--force registers it all the same)"
                ) from error
        speaks = pjl if pjl is not None else report is not None and report.pjl
        added = await self._store.add_device(replace(device, pjl=speaks))
        if report is not None:
            await self._store.report(added.id, replace(report, pjl=speaks))
        self.forget()
        note(Noted.DEVICE_ADDED, device=name, uri=uri)
        return await self.device(name)

    async def move_device(self, name: str, uri: str) -> Device:
        """The device is reached elsewhere now. Raises NotFound, and NotPossible for a URI that cannot be called."""
        try:
            await self._open(replace(await self.device(name), uri=uri), False).aclose()
        except ValueError as error:
            raise NotPossible(str(error)) from error
        moved = await self._store.move_device(name, uri)
        self.forget()
        note(Noted.DEVICE_CHANGED, device=name, uri=uri)
        return moved

    async def set_logins(
        self,
        name: str,
        *,
        add: Iterable[LoginBy] = (),
        remove: Iterable[LoginBy] = (),
        card_profile: str | None = None,
        auto_release: bool | None = None,
    ) -> Device:
        """How people log in at a device, how its reader writes, and whether a login prints all that waits; None: as it
        is. Raises NotFound, and NotPossible for a profile that cannot be.
        """
        device = await self.device(name)
        profile = device.card_profile if card_profile is None else str(profile_of(card_profile))
        auto = device.auto_release if auto_release is None else auto_release
        ways = (device.logins | set(add)) - set(remove)
        changed = await self._store.set_logins(name, ways, profile, auto_release=auto)
        self.forget()
        said = " ".join(sorted(map(str, changed.logins)))
        note(Noted.DEVICE_CHANGED, device=name, logins=said, auto_release=changed.auto_release)
        return changed

    async def probe(self, name: str) -> DeviceReport:
        """Ask a device about itself and keep the answer. Raises NotFound and DeviceNotReady."""
        device = await self.device(name)
        try:
            report = await self._ask(device)
        except DeliveryError as error:
            raise DeviceNotReady(f"{name} does not answer: {error}") from error
        report = replace(report, pjl=device.pjl)
        await self._store.report(device.id, report)
        self.forget()
        return report

    async def asked(self, name: str) -> Device:
        """The device as it says now that it is; nothing is kept. Raises NotFound and DeviceNotReady."""
        device = await self.device(name)
        try:
            report = await self._ask(device)
        except DeliveryError as error:
            raise DeviceNotReady(f"{name} does not answer: {error}") from error
        return replace(device, report=replace(report, pjl=device.pjl), probed_at=datetime.now(UTC))

    async def keep_report(self, device: Device, report: DeviceReport) -> None:
        """Keep what the watch has learnt of a device. Whether it speaks PJL was settled at its registration."""
        await self._store.report(device.id, replace(report, pjl=device.pjl))
        if (report.state, report.reasons, report.accepting) != (
            device.report.state,
            device.report.reasons,
            device.report.accepting,
        ):
            note(
                Noted.DEVICE_STATE_CHANGED,
                device=device.name,
                state=report.state.keyword,
                reasons=" ".join(report.reasons),
            )
            self.forget()

    async def remove_device(self, name: str) -> None:
        """Its own queue goes with it. Raises NotFound, and NotPossible while a queue, a group, a station or a job
        points to it.
        """
        device = await self.device(name)
        if groups := [group.name for group in await self.groups() if device.id in group.members]:
            raise NotPossible(f"{name} is in the group {groups[0]}: take it out first (ippgate group set)")
        if not await self._store.remove_device(name):
            raise NotPossible(
                f"a queue, a station, a reader or a job points to {name}: change these, or purge its jobs, first"
            )
        self.forget()
        note(Noted.DEVICE_REMOVED, device=name)

    # ── groups ──

    async def add_group(
        self, name: str, devices: Iterable[str] = (), info: str = "", location: str = ""
    ) -> DeviceGroup:
        """Raises NotPossible (the name is taken, too many devices) and NotFound."""
        members = await self._ids(devices)
        added = await self._store.add_group(DeviceGroup(0, _NIL, _named(name), _bounded(members), info, location))
        self.forget()
        note(Noted.GROUP_ADDED, group=name)
        return added

    async def set_group(
        self, name: str, *, add: Iterable[str] = (), remove: Iterable[str] = (), **changes: Any
    ) -> DeviceGroup:
        """Change info and location of a group, take devices in or out. Raises NotFound and NotPossible."""
        group = replace(await self.group(name), **changes)
        members = (set(group.members) | set(await self._ids(add))) - set(await self._ids(remove))
        changed = await self._store.set_group(replace(group, members=_bounded(members)))
        self.forget()
        note(Noted.GROUP_CHANGED, group=name)
        return changed

    async def remove_group(self, name: str) -> None:
        """Its devices stay. Raises NotFound, and NotPossible while a queue points to it."""
        await self.group(name)
        if not await self._store.remove_group(name):
            raise NotPossible(f"a queue points to the group {name}: give the queue other devices first")
        self.forget()
        note(Noted.GROUP_REMOVED, group=name)

    # ── devices, asked for a sign ──

    async def identify(self, device: Device, actions: Sequence[str], message: str) -> bool:
        """Have a device show itself to whoever stands there: by these actions, or as it does by itself. False: it
        cannot be asked for that, or did not answer in time.
        """
        if device.id in self._showing:
            return True
        self._showing.add(device.id)
        transport = self._open(device, False)
        try:
            async with asyncio.timeout(_IDENTIFIED_WITHIN):
                return await transport.identify(actions, message)
        except (DeliveryError, TimeoutError):
            return False
        finally:
            self._showing.discard(device.id)
            await transport.aclose()

    # ── within ──

    async def _ask(self, device: Device, *, ask_pjl: bool = False) -> DeviceReport:
        transport = self._open(device, ask_pjl)
        try:
            return await transport.probe()
        finally:
            await transport.aclose()

    async def _aimed(self, queue: Queue, device: str | None, group: str | None) -> Queue:
        """The queue with other devices, if any are named."""
        if device is not None and group is not None:
            raise NotPossible("a queue has a device or a group, not both: name one of them")
        if device is not None:
            return replace(queue, device_id=(await self.device(device)).id, group_id=None)
        if group is not None:
            return replace(queue, device_id=None, group_id=(await self.group(group)).id)
        return queue

    async def _ids(self, devices: Iterable[str]) -> list[int]:
        return [(await self.device(name)).id for name in devices]


def _bounded(members: Iterable[int]) -> tuple[int, ...]:
    ids = tuple(sorted(set(members)))
    if len(ids) > MAX_MEMBERS:
        raise NotPossible(f"a group has at most {MAX_MEMBERS} devices: make several groups of them")
    return ids


def _check_target(queue: Queue) -> None:
    if queue.mode is QueueMode.PASSTHROUGH and queue.device_id is None and queue.group_id is None:
        raise NotPossible("a passthrough queue needs a device: name one with --device, or several with --group")


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NotPossible(
            f"{name!r} is no name: use a-z, 0-9, dot, dash and underscore, beginning with a letter or digit, up to 63"
        )
    return name
