"""The duty of announcing: one worker of all says what queues there are, and what has become of them.

A worker that dies is followed by another, which claims the same names; one that stops says goodbye. What is announced
is derived from the book of queues, so whoever changes a queue need not know that it is announced.
"""

import asyncio
import contextlib
from collections.abc import Callable

from ippgate.device import Fleet
from ippgate.discovery.address import adapters, chosen, listened
from ippgate.discovery.place import Place
from ippgate.discovery.responder import NoNameFree, Responder
from ippgate.discovery.service import Announcement, announcement
from ippgate.discovery.settings import HeraldSettings
from ippgate.model.capabilities import Capabilities
from ippgate.model.errors import Unavailable
from ippgate.model.queue import Queue
from ippgate.observe import Event as Noted
from ippgate.observe import mishap, note
from ippgate.store.lanes import LaneStore

DUTY = "announce"


class Herald:
    """capabilities_of: what a queue can be asked for; place: where the server is reached, once it is."""

    def __init__(
        self,
        fleet: Fleet,
        lanes: LaneStore,
        capabilities_of: Callable[[Queue], Capabilities],
        place: Callable[[], Place],
        settings: HeraldSettings,
    ) -> None:
        self._fleet, self._lanes, self._capabilities_of = fleet, lanes, capabilities_of
        self._place, self._settings = place, settings
        self._responder: Responder | None = None
        self._woken = asyncio.Event()
        self._said = ""  # the last trouble: it is noted once

    def wake(self, _payload: str = "") -> None:
        """A queue or a device may have changed."""
        self._woken.set()

    async def run(self) -> None:
        """Announce until cancelled, then say goodbye; what goes wrong ends a round."""
        try:
            while True:
                self._woken.clear()
                try:
                    await self._round()
                except Unavailable as error:
                    note(Noted.DATABASE_LOST, reason=str(error))
                except Exception as error:  # noqa: BLE001 - one strange queue must not silence all others for ever
                    mishap(error)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), self._settings.interval)
        finally:
            await self._close(goodbye=True)

    async def _round(self) -> None:
        if not await self._lanes.take_duty(DUTY):
            await self._close(goodbye=False)  # whose duty it is now announces the same
            return
        place = self._place()
        responder = await self._open(place)
        if responder is None:
            return
        queues = {queue.uuid: queue for queue in await self._fleet.queues() if _is_for_all(queue)}
        wanted = {uuid: announcement(queue, self._capabilities_of(queue), place) for uuid, queue in queues.items()}
        known = responder.announced
        await responder.withdraw([uuid for uuid in known if uuid not in wanted])
        async with asyncio.TaskGroup() as round_:
            for uuid, told in wanted.items():
                if known.get(uuid) != told:
                    round_.create_task(self._announce(responder, queues[uuid], told))

    async def _announce(self, responder: Responder, queue: Queue, told: Announcement) -> None:
        try:
            name = await responder.announce(told, queue.dns_sd_name)
        except NoNameFree as error:
            self._trouble(f"{queue.name}: {error}")
            return
        if name != queue.dns_sd_name:
            await self._fleet.name_announced(queue.name, name)
            note(Noted.QUEUE_ANNOUNCED, queue=queue.name, name=name, addresses=" ".join(responder.addresses))

    async def _open(self, place: Place) -> Responder | None:
        """The responder on the addresses that there are at this moment; None: there are none."""
        try:
            addresses = await asyncio.to_thread(self._addresses)
            if self._responder is not None and self._responder.addresses != addresses:
                await self._close(goodbye=True)
            if self._responder is None and addresses:
                self._responder = await Responder.open(addresses, place.host)
                self._said = ""
        except OSError as error:
            self._trouble(f"queues cannot be announced: {error.strerror or error}")
            return None
        return self._responder

    def _addresses(self) -> tuple[str, ...]:
        return chosen(adapters(), listened(self._settings.host), self._settings.interfaces)

    async def _close(self, *, goodbye: bool) -> None:
        responder, self._responder = self._responder, None
        if responder is not None:
            await responder.close(goodbye=goodbye)

    def _trouble(self, sentence: str) -> None:
        if sentence != self._said:
            self._said = sentence
            note(Noted.DISCOVERY_FAILED, reason=sentence)


def _is_for_all(queue: Queue) -> bool:
    """Whether a client that finds the queue can print to it."""
    return not queue.options.hidden and not queue.options.known_only
