"""Operators prove who they are: right, wrong and unknown look and last the same, and nothing waits for argon2."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import cast

import pytest

from ippgate.identity import IdentitySettings, Operators
from ippgate.identity.password import MOST, PasswordKeeper, check_password, normal
from ippgate.identity.patience import PatienceSettings
from ippgate.identity.proof import Proofs
from ippgate.model.errors import Busy, NotFound, NotPossible, Unavailable
from ippgate.store.operators import OperatorAccount, OperatorStore
from tests.rig.eventually import eventually

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = "192.0.2.1"
PASSWORD = "correct horse battery"
LENIENT = PatienceSettings(free=1000, name_free=1000)


@dataclass
class Book:
    """A store in memory; `asked` counts how often somebody looked up a password."""

    passwords: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    away: bool = False

    async def add(self, name: str, password: str) -> OperatorAccount:
        self.passwords[name] = password
        return OperatorAccount(name, NOON, NOON)

    async def password(self, name: str) -> str | None:
        self.asked += 1
        if self.away:
            raise Unavailable("the database is away")
        return self.passwords.get(name)

    async def set_password(self, name: str, password: str) -> OperatorAccount:
        if name not in self.passwords:
            raise NotFound(f"there is no operator {name}")
        return await self.add(name, password)

    async def remove(self, name: str) -> None:
        del self.passwords[name]


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


async def house(patience: PatienceSettings = LENIENT) -> tuple[Operators, Book, Clock]:
    book, clock = Book(), Clock()
    operators = Operators(cast("OperatorStore", book), IdentitySettings(60.0, patience), clock)
    await operators.add("olga", PASSWORD)
    return operators, book, clock


async def test_the_right_password_proves_and_nothing_else_does() -> None:
    operators, _, _ = await house()
    assert await operators.proves("olga", PASSWORD, HERE)
    for name, password in (
        ("olga", "wrong password"),
        ("olga", ""),
        ("olga", PASSWORD + " "),
        ("Olga", PASSWORD),
        ("olga ", PASSWORD),
        ("ol\u200bga", PASSWORD),
        ("\u043elga", PASSWORD),
        ("", PASSWORD),
        ("nobody", PASSWORD),
        ("olga", "x" * 100_000),
        ("x" * 100_000, PASSWORD),
    ):
        assert not await operators.proves(name, password, HERE), (name[:20], password[:20])


async def test_a_password_is_stored_as_argon2id_and_never_twice_alike() -> None:
    operators, book, _ = await house()
    await operators.add("anna", PASSWORD)
    assert all(stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$") for stored in book.passwords.values())
    assert len(set(book.passwords.values())) == 2
    assert PASSWORD not in str(book.passwords)


async def test_the_same_signs_written_in_another_way_are_the_same_password() -> None:
    operators, _, _ = await house()
    await operators.add("anna", "gr\u00fcner Baum")
    assert await operators.proves("anna", "gru\u0308ner Baum", HERE)
    assert normal("\ufb01") != normal("fi")


async def test_what_was_proven_a_moment_ago_is_not_proven_again() -> None:
    operators, book, clock = await house()
    for _ in range(3):
        assert await operators.proves("olga", PASSWORD, HERE)
    assert book.asked == 1
    assert not await operators.proves("olga", "wrong password", HERE)
    clock.now = 61.0
    assert await operators.proves("olga", PASSWORD, HERE)
    assert book.asked == 3


async def test_a_new_password_or_a_removal_ends_what_was_proven() -> None:
    operators, _, _ = await house()
    assert await operators.proves("olga", PASSWORD, HERE)
    await operators.set_password("olga", "another one altogether")
    assert not await operators.proves("olga", PASSWORD, HERE)
    assert await operators.proves("olga", "another one altogether", HERE)
    await operators.remove("olga")
    assert not await operators.proves("olga", "another one altogether", HERE)


async def test_a_change_that_is_heard_of_while_the_old_password_is_checked_counts() -> None:
    operators, book, _ = await house()
    checking = asyncio.ensure_future(operators.proves("olga", PASSWORD, HERE))
    await eventually(lambda: book.asked, "the password to be looked up", every=0)
    operators.forget()
    assert await checking
    assert await operators.proves("olga", PASSWORD, HERE)
    assert book.asked == 2


async def test_guessing_is_slowed_and_the_right_password_waits_as_well() -> None:
    operators, _, clock = await house(PatienceSettings(free=2, first=10.0))
    for _ in range(2):
        assert not await operators.proves("olga", "wrong password", HERE)
    with pytest.raises(Busy, match="try again in 10 seconds"):
        await operators.proves("olga", PASSWORD, HERE)
    assert await operators.proves("olga", PASSWORD, "192.0.2.2")
    clock.now = 10.0
    assert await operators.proves("olga", PASSWORD, HERE)


async def test_guesses_side_by_side_count_before_any_of_them_is_judged() -> None:
    operators, _, _ = await house(PatienceSettings(free=3))
    guesses = (operators.proves("olga", f"wrong guess {number}", HERE) for number in range(10))
    outcomes = await asyncio.gather(*guesses, return_exceptions=True)
    assert outcomes.count(False) == 3
    assert sum(isinstance(outcome, Busy) for outcome in outcomes) == 7


async def test_an_ipv6_client_guesses_from_its_whole_network() -> None:
    operators, _, _ = await house(PatienceSettings(free=2))
    for number in (1, 2):
        assert not await operators.proves("olga", "wrong password", f"2001:db8:1:2::{number}")
    with pytest.raises(Busy):
        await operators.proves("olga", PASSWORD, "2001:db8:1:2:ffff::9")
    assert await operators.proves("olga", PASSWORD, "2001:db8:1:3::1")


async def test_a_database_that_is_away_is_nobody_s_failure() -> None:
    operators, book, _ = await house(PatienceSettings(free=1))
    book.away = True
    for _ in range(3):
        with pytest.raises(Unavailable):
            await operators.proves("olga", PASSWORD, HERE)
    book.away = False
    assert await operators.proves("olga", PASSWORD, HERE)


async def test_unknown_names_take_as_long_as_wrong_passwords() -> None:
    """SECURITY S22. The first answer makes the decoy, so it does not count."""
    operators, _, _ = await house()
    await operators.proves("nobody", "wrong password", HERE)
    seconds: dict[str, list[float]] = {"olga": [], "nobody": [], "No Name At All": []}
    for _ in range(7):
        for name, measured in seconds.items():
            began = time.perf_counter()
            assert not await operators.proves(name, "wrong password", HERE)
            measured.append(time.perf_counter() - began)
    known, *unknown = (median(measured) for measured in seconds.values())
    assert all(known / 2 < other < known * 2 for other in unknown), seconds


async def test_the_event_loop_runs_on_while_passwords_are_checked_and_few_are_at_once() -> None:
    keeper = PasswordKeeper(at_once=2, queue=2)
    stored = await keeper.hash(PASSWORD)
    checks = [asyncio.ensure_future(keeper.matches(stored, PASSWORD)) for _ in range(4)]
    await asyncio.sleep(0)
    with pytest.raises(Busy, match="too many passwords"):
        await keeper.matches(stored, PASSWORD)
    longest, began = 0.0, time.perf_counter()
    last = began
    while not all(check.done() for check in checks):
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    assert [check.result() for check in checks] == [True] * 4
    assert longest < (last - began) / 2  # a loop that waits has one turn in all that time
    assert await keeper.matches(stored, PASSWORD)


@pytest.mark.parametrize(
    ("password", "fault"),
    [("short", "8 characters at least"), ("x" * (MOST + 1), "octets at most"), ("line\nbreak it", "control")],
)
async def test_a_password_that_will_not_do_is_refused(password: str, fault: str) -> None:
    with pytest.raises(NotPossible, match=fault):
        check_password(password)
    operators, book, _ = await house()
    with pytest.raises(NotPossible, match=fault):
        await operators.add("anna", password)
    assert list(book.passwords) == ["olga"]


@pytest.mark.parametrize("name", ["", "Anna", "-anna", "an na", "anna\n", "../anna", "a" * 64, "\u00e4nne", "an:na"])
async def test_what_is_no_name_is_refused(name: str) -> None:
    operators, _, _ = await house()
    with pytest.raises(NotPossible, match="is no name: use a-z"):
        await operators.add(name, PASSWORD)


async def test_a_password_that_is_the_name_is_refused() -> None:
    operators, _, _ = await house()
    with pytest.raises(NotPossible, match="the password is the name"):
        await operators.add("administrator", "Administrator")


def test_proofs_keep_no_password_and_no_more_than_so_many() -> None:
    proofs = Proofs(60.0)
    for number in range(2000):
        proofs.keep(f"name{number}", b"secret octets", 0.0, age=0)
    assert len(proofs._until) == 1000
    assert not any(b"secret" in digest for digest in proofs._until)
    assert proofs.holds("name1999", b"secret octets", 59.0)
    assert not proofs.holds("name1999", b"secret octets", 61.0)
    assert not proofs.holds("name0", b"secret octets", 1.0)
    assert not Proofs(60.0).holds("name1999", b"secret octets", 1.0)
