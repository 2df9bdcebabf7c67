"""Aliases in real PostgreSQL, and gates that hear of what others change there."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.model.errors import NotFound, NotPossible
from ippgate.model.job import Caller
from ippgate.store.listen import Listener
from tests.integration.gates import Connection, hold_queue
from tests.rig.crew import Crew
from tests.rig.eventually import eventually


def owner(gate: Gate, said: str, host: str = "192.0.2.7", queue: str = "") -> str:
    return gate.owners.owners.known(Caller(said, host, said=said), queue).name


async def test_an_alias_is_added_listed_and_removed(gate: Gate) -> None:
    await hold_queue(gate, "front")
    await gate.owners.add("JSmith", "jake")
    await gate.owners.add("*", "lobby", "10.7.0.0/16", "front")
    listed = [(each.name, each.owner, each.network, each.queue) for each in await gate.owners.aliases()]
    assert listed == [("*", "lobby", "10.7.0.0/16", "front"), ("jsmith", "jake", "", "")]
    assert owner(gate, "CORP\\jsmith") == "jake"
    assert owner(gate, "mobile", "10.7.1.1", "front") == "lobby"
    assert owner(gate, "mobile", "10.7.1.1") == "mobile"
    assert await gate.owners.remove("jsmith") == 1
    assert owner(gate, "jsmith") == "jsmith"
    with pytest.raises(NotFound, match="jsmith has no such alias"):
        await gate.owners.remove("jsmith")


async def test_one_name_has_an_owner_for_each_network_and_queue_and_no_second_one(gate: Gate) -> None:
    await hold_queue(gate, "front")
    for network, queue in (("", ""), ("10.0.0.0/8", ""), ("", "front"), ("10.0.0.0/8", "front")):
        await gate.owners.add("mobile", "anna", network, queue)
        with pytest.raises(NotPossible, match="mobile has an owner there already"):
            await gate.owners.add("mobile", "jake", network, queue)
    assert await gate.owners.remove("mobile", "10.0.0.0/8", "front") == 1
    assert await gate.owners.remove("mobile", queue="front") == 1
    assert await gate.owners.remove("mobile") == 2


@pytest.mark.parametrize(
    ("name", "to", "network", "words"),
    [
        ("", "jake", "", "is no name"),
        ("\u202e", "jake", "", "is no name"),
        ("x" * 256, "jake", "", "is no name"),
        ("mobile", "", "", "is no name"),
        ("mobile", "*", "", "is no name"),
        ("mobile", "jake", "10.7.0.1/16", "is no network"),
        ("mobile", "jake", "everywhere", "is no network"),
        ("CORP\\jake", "Jake", "", "is jake already, by the rules"),
    ],
)
async def test_what_is_no_alias_is_refused(gate: Gate, name: str, to: str, network: str, words: str) -> None:
    with pytest.raises(NotPossible, match=words):
        await gate.owners.add(name, to, network)
    assert await gate.owners.aliases() == []


async def test_an_alias_of_a_queue_goes_with_it(gate: Gate) -> None:
    await hold_queue(gate, "front")
    await gate.owners.add("mobile", "anna", queue="front")
    with pytest.raises(NotFound):
        await gate.owners.add("mobile", "anna", queue="back")
    await gate.fleet.remove_queue("front")
    assert await gate.owners.aliases() == []


async def test_the_database_takes_no_alias_without_a_name_or_with_half_a_network(sql: Connection) -> None:
    for name, to, network in (("", "x", ""), ("x", "", ""), ("x", "y" * 256, "")):
        with pytest.raises(asyncpg.CheckViolationError):
            await sql.execute("INSERT INTO owner_alias (name, owner, network) VALUES ($1, $2, $3)", name, to, network)
    with pytest.raises(asyncpg.PostgresError):
        await sql.execute("INSERT INTO owner_alias (name, owner, network) VALUES ('x', 'y', 'nowhere')")


async def test_what_one_gate_changes_another_hears_of(gates: Callable[..., Awaitable[Gate]]) -> None:
    here, there = await gates(), await gates()
    crew, listener = Crew(), Listener(here.database.settings)
    listener.subscribe("ippgate_owner", here.owners.forget)
    crew.hire(listener.run())
    crew.hire(here.owners.run())
    await listener.listening.wait()
    await there.owners.add("jsmith", "jake")
    await eventually(lambda: owner(here, "jsmith") == "jake", "the alias to be heard of", within=5)
    await there.owners.remove("jsmith")
    await eventually(lambda: owner(here, "jsmith") == "jsmith", "its end to be heard of", within=5)
    await crew.dismiss()


async def test_a_claimant_is_known_by_the_rules(gate: Gate) -> None:
    assert gate.owners.claimant("CORP\\Jake") == "jake"
    with pytest.raises(NotPossible, match="is no name of a person"):
        gate.owners.claimant("...")
