"""Multicast DNS (RFC 6762): names are probed for, claimed, kept and given back. The only module that knows zeroconf.

The library answers what is asked about these services and remembers what others announce, within its own bounds; of
that nothing is looked at but whether somebody has a name already. Nothing browses.

Its subtypes are services of their own that share a name with the service they belong to; since it files services by
name, each gets a key that no name can have.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final, Self
from uuid import UUID

from zeroconf import Error, NonUniqueNameException, ServiceInfo
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from ippgate.discovery.label import candidates
from ippgate.discovery.service import Announcement, Service

AT_ONCE: Final = 8
"""Queues that are announced side by side: each sends a dozen small packets within a second and a half."""

RESOLVE: Final = 1000
"""Milliseconds for whoever seems to have a name to say who it is; who says nothing does not have it any more."""


class NoNameFree(Exception):
    """Ninety-nine others have the name."""


class Responder:
    """Open from `open` to `close`. addresses: of the machine; host: the name that is announced for them."""

    def __init__(self, addresses: Sequence[str], host: str) -> None:
        self.addresses = tuple(addresses)
        self._host = f"{host}."
        self._zeroconf = AsyncZeroconf(interfaces=list(addresses))
        self._kept: dict[UUID, tuple[str, Announcement, list[ServiceInfo]]] = {}
        self._claimed: set[str] = set()
        self._room = asyncio.Semaphore(AT_ONCE)

    @classmethod
    async def open(cls, addresses: Sequence[str], host: str) -> Self:
        """Raises OSError if the port of multicast DNS or an address cannot be used."""
        responder = cls(addresses, host)
        try:
            await responder._zeroconf.zeroconf.async_wait_for_start()
        except Error as error:
            await responder._zeroconf.async_close()
            raise OSError(f"multicast DNS does not start: {error!r}") from error
        return responder

    @property
    def announced(self) -> dict[UUID, Announcement]:
        """What is announced, by the queue."""
        return {uuid: announcement for uuid, (_, announcement, _) in self._kept.items()}

    async def announce(self, announcement: Announcement, former: str = "") -> str:
        """Announce a queue, or tell that it has changed; the name that it has. former: the one it had last.

        Raises NoNameFree.
        """
        async with self._room:
            kept = self._kept.get(announcement.uuid)
            if kept is not None and _alike(kept[1], announcement):
                return await self._change(kept[0], announcement)
            if kept is not None:
                former = kept[0]
                await self.withdraw([announcement.uuid])
            return await self._claim(announcement, former)

    async def withdraw(self, uuids: Iterable[UUID]) -> None:
        """Say goodbye of these (RFC 6762 section 10.1)."""
        gone = [self._kept.pop(uuid) for uuid in list(uuids) if uuid in self._kept]
        self._claimed.difference_update(name.lower() for name, _, _ in gone)
        farewells = [await self._zeroconf.async_unregister_service(info) for _, _, infos in gone for info in infos]
        await asyncio.gather(*farewells)

    async def close(self, *, goodbye: bool) -> None:
        """goodbye: not where another worker announces the same from now on."""
        registry = self._zeroconf.zeroconf.registry
        if not goodbye:
            registry.async_remove(registry.async_get_service_infos())
        self._kept.clear()
        self._claimed.clear()
        await self._zeroconf.async_close()

    async def _claim(self, announcement: Announcement, former: str) -> str:
        for name in candidates(announcement.base, former):
            if name.lower() in self._claimed:
                continue
            self._claimed.add(name.lower())
            free = False
            try:
                free = await self._is_free(name, announcement)
                if free:
                    infos = [info for service in announcement.services for info in self._infos(name, service)]
                    self._kept[announcement.uuid] = (name, announcement, infos)
                    await self._register(infos)
                    return name
            finally:
                if not free:
                    self._claimed.discard(name.lower())
        raise NoNameFree(f"{announcement.base} and {announcement.base} (2) to (99) are all taken")

    async def _change(self, name: str, announcement: Announcement) -> str:
        infos = [info for service in announcement.services for info in self._infos(name, service)]
        self._kept[announcement.uuid] = (name, announcement, infos)
        await asyncio.gather(*[await self._zeroconf.async_update_service(info) for info in infos])
        return name

    async def _register(self, infos: list[ServiceInfo]) -> None:
        said = [await self._zeroconf.async_register_service(info, cooperating_responders=True) for info in infos]
        await asyncio.gather(*said)

    async def _is_free(self, name: str, announcement: Announcement) -> bool:
        """Whether nobody else has the name for one of these service types (RFC 6762 section 8.1)."""
        answers = [self._probe(self._info(name, service), announcement.uuid) for service in announcement.services]
        return all(await asyncio.gather(*answers))

    async def _probe(self, info: ServiceInfo, uuid: UUID) -> bool:
        zeroconf = self._zeroconf.zeroconf
        try:
            await zeroconf.async_check_service(info, allow_name_change=False)
        except NonUniqueNameException:
            holder = AsyncServiceInfo(info.type, info.name)
            await holder.async_request(zeroconf, RESOLVE)
            return holder.server is None or _same(holder, info, uuid)
        return True

    def _infos(self, name: str, service: Service) -> list[ServiceInfo]:
        """The service, and one more for each of its subtypes."""
        found = [self._info(name, service)]
        for subtype in service.subtypes:
            info = self._info(name, service, f"{subtype}._sub.")
            info.key = f"{info.key}/{subtype}"
            found.append(info)
        return found

    def _info(self, name: str, service: Service, within: str = "") -> ServiceInfo:
        return ServiceInfo(
            f"{within}{service.kind}",
            f"{name}.{service.kind}",
            port=service.port,
            properties=service.text,
            server=self._host,
            parsed_addresses=list(self.addresses),
        )


def _alike(one: Announcement, other: Announcement) -> bool:
    """Whether they differ in TXT records and ports at most."""
    return one.base == other.base and _shape(one) == _shape(other)


def _shape(announcement: Announcement) -> list[tuple[str, tuple[str, ...]]]:
    return [(service.kind, service.subtypes) for service in announcement.services]


def _same(holder: ServiceInfo, info: ServiceInfo, uuid: UUID) -> bool:
    """Whether whoever has the name is the same queue: a worker that died a moment ago, or is about to leave."""
    if holder.server_key == info.server_key and not info.port:
        return True  # LPR's name, which has no UUID
    return holder.properties.get(b"UUID") == str(uuid).encode()
