"""Stations prove who they are: by the secret that was drawn for them, by their certificate, and by nothing else."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import cast

import pytest

from ippgate.identity import IdentitySettings, Stations, stations
from ippgate.identity.patience import PatienceSettings
from ippgate.identity.secret import Secret, draw, kept, matches, secret_of
from ippgate.identity.uri_secret import SecretKey
from ippgate.model.errors import Busy, NotFound, NotPossible, Unavailable
from ippgate.model.station import Station
from ippgate.observe import Event
from ippgate.store.stations import StationStore

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE, THERE = "192.0.2.1", "198.51.100.9"


@dataclass
class Shelf:
    """A store in memory; `asked` counts how often it was read."""

    known: dict[str, Station] = field(default_factory=dict)
    asked: int = 0
    away: bool = False

    async def stations(self) -> list[Station]:
        self.asked += 1
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable("the database is away")
        return list(self.known.values())

    async def add(self, station: Station) -> Station:
        self.known[station.name] = replace(station, id=len(self.known) + 1, created_at=NOON, changed_at=NOON)
        return self.known[station.name]

    async def set(self, station: Station) -> Station:
        self.known[station.name] = station
        return station

    async def renew(self, name: str, *, certificate: bytes | None, secret: bytes | None) -> Station:
        self.known[name] = replace(self.known[name], certificate=certificate, secret=secret)
        return self.known[name]

    async def remove(self, name: str) -> None:
        if self.known.pop(name, None) is None:
            raise NotFound(f"there is no station {name}")


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def house(patience: PatienceSettings | None = None) -> tuple[Stations, Shelf, Clock]:
    shelf, clock = Shelf(), Clock()
    settings = IdentitySettings(60.0, patience or PatienceSettings(free=1000, name_free=1000))
    key = cast("SecretKey", None)  # for codes alone
    return Stations(cast("StationStore", shelf), key, settings, clock, lambda: NOON), shelf, clock


def written(text: str | None) -> Secret:
    secret = secret_of(text or "")
    assert secret is not None
    return secret


# ── secrets ──


def test_a_secret_says_what_it_proves_and_of_whom_and_has_256_bits_of_chance() -> None:
    one, other = draw("station", "app"), draw("station", "app")
    assert (one.kind, one.name) == ("station", "app")
    assert one.drawn != other.drawn
    assert len(one.drawn) * 6 >= 256
    assert secret_of(one.whole) == one
    assert one.drawn not in f"{one} {one!r}"


@pytest.mark.parametrize(
    "text",
    [
        "", "~", "station~app", "station~app~", "station~~" + "A" * 43, "~app~" + "A" * 43, "station~App~" + "A" * 43,
        "station~app~" + "A" * 42, "station~app~" + "A" * 44, "station~app~" + "A" * 42 + "\n",
        "Station~app~" + "A" * 43,
        "station~app~" + "A" * 42 + "=", " station~app~" + "A" * 43, "station~" + "a" * 64 + "~" + "A" * 43,
        "x" * 1_000_000,
    ],
    ids=lambda text: text[:30],
)  # fmt: skip
def test_what_has_another_form_is_no_secret(text: str) -> None:
    assert secret_of(text) is None


def test_what_is_kept_does_not_tell_the_secret_and_never_looks_the_same() -> None:
    secret = draw("station", "app")
    one, other = kept(secret), kept(secret)
    assert one != other
    assert len(one) == len(other) == 48
    assert secret.drawn.encode() not in one
    assert matches(one, secret)
    assert matches(other, secret)


def test_another_secret_kind_or_name_does_not_match() -> None:
    secret = draw("station", "app")
    stored = kept(secret)
    for wrong in (draw("station", "app"), secret._replace(kind="session"), secret._replace(name="apq")):
        assert not matches(stored, wrong)
    assert not matches(None, secret)
    assert not matches(bytes(48), secret)


# ── proof ──


async def test_a_station_is_known_by_its_secret_and_nobody_else_is() -> None:
    service, _, _ = house()
    added, secret = await service.add("app", [7], names_people=True)
    other, _ = await service.add("other", [7])
    found = await service.by_secret(written(secret), HERE)
    assert found is not None
    assert (found.name, found.devices, found.names_people) == ("app", frozenset({7}), True)
    drawn = written(secret).drawn
    for wrong in (draw("station", "app"), draw("station", "nobody"), Secret("station", other.name, drawn)):
        assert await service.by_secret(wrong, HERE) is None
    assert (added.secret or b"") != written(secret).whole.encode()


async def test_a_renewed_or_removed_station_is_not_known_by_what_it_had() -> None:
    service, _, _ = house()
    _, first = await service.add("app", [7])
    assert await service.by_secret(written(first), HERE)
    _, second = await service.renew("app")
    assert await service.by_secret(written(first), HERE) is None
    assert await service.by_secret(written(second), HERE)
    await service.remove("app")
    assert await service.by_secret(written(second), HERE) is None


async def test_what_changes_elsewhere_counts_once_it_is_heard_of_and_in_half_a_minute_at_the_latest() -> None:
    service, shelf, clock = house()
    _, secret = await service.add("app", [7])
    assert await service.by_secret(written(secret), HERE)
    shelf.known.clear()
    assert await service.by_secret(written(secret), HERE)
    clock.now = 31.0
    assert await service.by_secret(written(secret), HERE) is None
    await service.add("app", [7])
    shelf.known.clear()
    service.forget()
    assert await service.stations() == []


async def test_the_register_is_read_once_for_all_who_ask_at_the_same_moment() -> None:
    service, shelf, _ = house()
    _, secret = await service.add("app", [7])
    found = await asyncio.gather(*(service.by_secret(written(secret), HERE) for _ in range(20)))
    assert all(found)
    assert shelf.asked == 1


async def test_while_the_database_is_away_nobody_is_known() -> None:
    service, shelf, _ = house()
    _, secret = await service.add("app", [7])
    shelf.away = True
    with pytest.raises(Unavailable):
        await service.by_secret(written(secret), HERE)
    shelf.away = False
    assert await service.by_secret(written(secret), HERE)


async def test_who_guesses_is_slowed_and_whoever_was_right_a_moment_ago_is_not() -> None:
    """SECURITY S21."""
    service, _, clock = house(PatienceSettings(free=3, name_free=1000))
    _, secret = await service.add("app", [7])
    assert await service.by_secret(written(secret), HERE)
    for _ in range(3):
        assert await service.by_secret(draw("station", "app"), HERE) is None
    with pytest.raises(Busy, match="too many attempts have failed: try again in 1 second"):
        await service.by_secret(draw("station", "app"), HERE)
    assert await service.by_secret(written(secret), HERE)
    assert await service.by_secret(draw("station", "app"), THERE) is None
    clock.now = 1.5
    assert await service.by_secret(draw("station", "app"), HERE) is None


async def test_a_refusal_is_noted_without_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[Event, dict[str, object]]] = []
    monkeypatch.setattr(stations, "note", lambda event, **facts: said.append((event, facts)))
    service, _, _ = house()
    wrong = draw("station", "app")
    await service.by_secret(wrong, HERE)
    assert [event for event, _ in said] == [Event.STATION_REFUSED]
    assert wrong.drawn not in str(said)


# ── the register ──


@pytest.mark.parametrize("name", ["", "App", "a b", "a~b", "../a", "-a", "a" * 64, "a\n"])
async def test_a_name_is_one_that_can_stand_in_a_secret(name: str) -> None:
    service, _, _ = house()
    with pytest.raises(NotPossible, match="is no name"):
        await service.add(name, [7])


async def test_a_station_stands_somewhere() -> None:
    service, _, _ = house()
    with pytest.raises(NotPossible, match="at one device at least"):
        await service.add("app", [])
    await service.add("app", [7])
    with pytest.raises(NotPossible, match="at one device at least"):
        await service.set("app", remove=[7])
    assert (await service.set("app", add=[8], names_people=True)).devices == {7, 8}
    assert (await service.set("app", remove=[7])).names_people


async def test_a_station_that_is_not_there_is_not_found() -> None:
    service, _, _ = house()
    for work in (service.station("app"), service.set("app"), service.renew("app"), service.remove("app")):
        with pytest.raises(NotFound, match="there is no station app"):
            await work


async def test_a_station_does_not_show_what_proves_it() -> None:
    service, shelf, _ = house()
    _, secret = await service.add("app", [7])
    assert written(secret).drawn not in repr(shelf.known)
    assert str(shelf.known["app"].secret) not in repr(shelf.known["app"])
