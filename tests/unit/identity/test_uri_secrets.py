"""Private URIs: issued once, known by a keyed hash, slowed when guessed at, and good for those who have them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from ippgate.identity import PrivateUris
from ippgate.identity.patience import PatienceSettings
from ippgate.identity.private_uris import FRESH, MOST
from ippgate.identity.uri_secret import SecretKey, WrongSecretKey, check_secret_key, is_secret, new_secret
from ippgate.model.errors import Busy, NotFound, NotPossible, Unavailable
from ippgate.model.private_uri import PrivateUri
from ippgate.spool.key_file import KeyFileUnusable
from ippgate.store.fleet import FleetStore
from ippgate.store.private_uris import PrivateUriStore

HERE, THERE = "192.0.2.1", "192.0.2.2"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WRONG = "w" * 32


@dataclass
class Book:
    """A store in memory; `asked` has every hash that somebody looked up."""

    kept: dict[bytes, PrivateUri] = field(default_factory=dict)
    asked: list[bytes] = field(default_factory=list)
    away: bool = False

    async def add(self, queue: str, digest: bytes, person: str, workstation: str) -> PrivateUri:
        self.kept[digest] = PrivateUri(len(self.kept) + 1, queue, person, workstation, NOON)
        return self.kept[digest]

    async def find(self, digest: bytes) -> PrivateUri | None:
        self.asked.append(digest)
        if self.away:
            raise Unavailable("the database is away")
        return self.kept.get(digest)

    async def revoke(self, uri_id: int) -> PrivateUri:
        for digest, uri in self.kept.items():
            if uri.id == uri_id:
                return self.kept.pop(digest)
        raise NotFound(f"there is no private URI {uri_id}")


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def uris(book: Book, clock: Clock, tmp_path: Path) -> PrivateUris:
    settings = PatienceSettings(free=3, first=1.0)
    return PrivateUris(cast("PrivateUriStore", book), SecretKey(tmp_path), settings, clock)


async def test_a_secret_says_whose_it_is(uris: PrivateUris, book: Book) -> None:
    issued, secret = await uris.add("followme", person="anna")
    assert await uris.bearer("followme", secret, HERE) == issued
    assert (issued.person, issued.workstation) == ("anna", "")
    other, another = await uris.add("followme", workstation="reception")
    assert secret != another
    assert (await uris.bearer("followme", another, HERE)).workstation == "reception"
    assert secret not in repr(book.kept) + repr(issued) + repr(other)


def test_a_secret_has_192_bits_and_nothing_that_a_uri_would_escape() -> None:
    made = {new_secret() for _ in range(1000)}
    assert len(made) == 1000
    assert all(is_secret(secret) and len(secret) == 32 for secret in made)


@pytest.mark.parametrize("named", [{}, {"person": "anna", "workstation": "desk"}, {"person": " \0"}])
async def test_it_is_a_persons_or_a_workstations(uris: PrivateUris, named: dict[str, str]) -> None:
    with pytest.raises(NotPossible, match="for a person or for a workstation: name one"):
        await uris.add("followme", **named)


async def test_names_are_cleaned_and_cut(uris: PrivateUris) -> None:
    issued, _ = await uris.add("followme", person="an\0na\n" + "ü" * 300)
    assert issued.person.startswith("anna üü")
    assert len(issued.person.encode()) <= 255


async def test_revoked_is_as_if_it_never_had_been(uris: PrivateUris) -> None:
    issued, secret = await uris.add("followme", person="anna")
    await uris.bearer("followme", secret, HERE)
    assert (await uris.revoke(issued.id)).id == issued.id
    said: list[str] = []
    for wrong in (secret, WRONG, "", "x", "ü" * 32, "\udcff" * 32):
        uris.forget()
        with pytest.raises(NotFound) as refused:
            await uris.bearer("followme", wrong, f"192.0.2.{len(said) + 10}")
        said.append(str(refused.value))
    assert set(said) == {"there is no such printer any more: ask its operator for a new URI"}
    with pytest.raises(NotFound, match=f"there is no private URI {issued.id}"):
        await uris.revoke(issued.id)


async def test_another_queues_secret_is_wrong(uris: PrivateUris) -> None:
    _, secret = await uris.add("followme", person="anna")
    for _ in range(2):  # known or not
        with pytest.raises(NotFound):
            await uris.bearer("other", secret, HERE)
        await uris.bearer("followme", secret, HERE)


async def test_wrong_ones_are_slowed_by_source(uris: PrivateUris, clock: Clock) -> None:
    _, secret = await uris.add("followme", person="anna")
    for _ in range(3):
        with pytest.raises(NotFound):
            await uris.bearer("followme", WRONG, HERE)
    with pytest.raises(Busy, match="too many printer URIs from there were wrong: try again in 1 seconds"):
        await uris.bearer("followme", WRONG, HERE)
    with pytest.raises(Busy):
        await uris.bearer("followme", secret, HERE)  # a guess that happens to be right is slowed as well
    assert (await uris.bearer("followme", secret, THERE)).person == "anna"
    clock.now += 1.5
    with pytest.raises(NotFound):
        await uris.bearer("followme", WRONG, HERE)
    with pytest.raises(Busy, match="in 2 seconds"):
        await uris.bearer("followme", WRONG, HERE)


async def test_neighbours_in_an_ipv6_network_are_one_source(uris: PrivateUris) -> None:
    for number in range(3):
        with pytest.raises(NotFound):
            await uris.bearer("followme", WRONG, f"2001:db8::{number}")
    with pytest.raises(Busy):
        await uris.bearer("followme", WRONG, "2001:db8::ffff")
    with pytest.raises(NotFound):
        await uris.bearer("followme", WRONG, "2001:db8:1::1")


async def test_one_with_a_uri_that_is_no_more_does_not_shut_out_its_neighbours(uris: PrivateUris, clock: Clock) -> None:
    _, annas = await uris.add("followme", person="anna")
    gone, bobs = await uris.add("followme", person="bob")
    for secret in (annas, bobs):
        await uris.bearer("followme", secret, HERE)
    await uris.revoke(gone.id)
    for _ in range(50):  # a workstation that asks again and again
        with pytest.raises((NotFound, Busy)):
            await uris.bearer("followme", bobs, HERE)
    for _ in range(3):
        assert (await uris.bearer("followme", annas, HERE)).person == "anna"
        clock.now += FRESH + 1


async def test_what_was_right_a_moment_ago_is_not_looked_up_again(uris: PrivateUris, book: Book, clock: Clock) -> None:
    _, secret = await uris.add("followme", person="anna")
    for _ in range(5):
        await uris.bearer("followme", secret, HERE)
    assert len(book.asked) == 1
    clock.now += FRESH + 1
    await uris.bearer("followme", secret, HERE)
    await uris.bearer("followme", secret, HERE)
    assert len(book.asked) == 2
    uris.forget()
    await uris.bearer("followme", secret, HERE)
    assert len(book.asked) == 3


async def test_what_is_in_mind_is_bounded(uris: PrivateUris) -> None:
    for number in range(MOST + 10):
        _, secret = await uris.add("followme", person=f"p{number}")
        await uris.bearer("followme", secret, HERE)
    assert len(uris._known) == len(uris._proven) == MOST


async def test_a_database_that_is_away_is_no_failure_of_the_client(uris: PrivateUris, book: Book) -> None:
    _, secret = await uris.add("followme", person="anna")
    book.away = True
    for _ in range(20):
        with pytest.raises(Unavailable, match="away"):
            await uris.bearer("followme", secret, HERE)
    book.away = False
    assert await uris.bearer("followme", secret, HERE)


async def test_what_was_found_before_the_news_came_is_not_kept(uris: PrivateUris, book: Book) -> None:
    _, secret = await uris.add("followme", person="anna")
    find = book.find

    async def and_then_the_news(digest: bytes) -> PrivateUri | None:
        found = await find(digest)
        uris.forget()
        return found

    book.find = and_then_the_news  # type: ignore[method-assign]
    await uris.bearer("followme", secret, HERE)
    await uris.bearer("followme", secret, HERE)
    assert len(book.asked) == 2


# ── the key ──


def test_two_gates_share_no_key_and_one_keeps_its_own(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    one, other, again = SecretKey(tmp_path / "one"), SecretKey(tmp_path / "other"), SecretKey(tmp_path / "one")
    assert one.digest(WRONG) == again.digest(WRONG) != other.digest(WRONG)
    assert one.mark == again.mark != other.mark
    assert one.file.stat().st_mode & 0o777 == 0o600


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    SecretKey(tmp_path).file.chmod(0o640)
    with pytest.raises(KeyFileUnusable, match="can be read by others"):
        SecretKey(tmp_path)


def test_a_damaged_key_is_not_used(tmp_path: Path) -> None:
    SecretKey(tmp_path).file.write_bytes(b"short")
    with pytest.raises(KeyFileUnusable, match="holds 5 octets, a key of secrets has 32"):
        SecretKey(tmp_path)


async def test_a_key_that_is_not_the_databases_is_said(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    known: dict[str, str] = {}

    class Settings:
        async def setting(self, name: str, default: str) -> str:
            return known.setdefault(name, default)

    settings = cast("FleetStore", Settings())
    await check_secret_key(settings, SecretKey(tmp_path / "one"))
    await check_secret_key(settings, SecretKey(tmp_path / "one"))
    with pytest.raises(WrongSecretKey, match="is not the key of this database"):
        await check_secret_key(settings, SecretKey(tmp_path / "other"))
