"""Private URIs in real PostgreSQL, and gates that hear of one that is revoked elsewhere."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.model.errors import NotFound
from ippgate.model.queue import QueueMode
from ippgate.store.listen import Listener
from tests.integration.gates import Connection
from tests.rig.crew import Crew
from tests.rig.eventually import eventually

HERE = "192.0.2.1"


async def test_one_is_issued_found_listed_and_revoked(gate: Gate, sql: Connection) -> None:
    await gate.fleet.add_queue("printers", QueueMode.RELEASE_PRINTING)
    issued, secret = await gate.private_uris.add("printers", person="anna")
    desk, _ = await gate.private_uris.add("printers", workstation="desk")
    assert await gate.private_uris.bearer("printers", secret, HERE) == issued
    assert await gate.private_uris.all() == [issued, desk]
    assert secret not in str(await sql.fetch("SELECT * FROM private_uri"))
    assert await gate.private_uris.revoke(issued.id) == issued
    with pytest.raises(NotFound):
        await gate.private_uris.bearer("printers", secret, HERE)
    assert await gate.private_uris.all() == [desk]


async def test_a_queue_that_is_not_there_has_none(gate: Gate) -> None:
    with pytest.raises(NotFound, match="there is no queue nowhere"):
        await gate.private_uris.add("nowhere", person="anna")
    with pytest.raises(NotFound, match="there is no private URI 7"):
        await gate.private_uris.revoke(7)


async def test_those_of_a_queue_go_with_it(gate: Gate) -> None:
    await gate.fleet.add_queue("printers", QueueMode.RELEASE_PRINTING)
    await gate.private_uris.add("printers", person="anna")
    await gate.fleet.remove_queue("printers")
    assert await gate.private_uris.all() == []


@pytest.mark.parametrize(
    ("digest", "person", "workstation"),
    [
        (b"d" * 31, "anna", None),
        (b"d" * 32, "anna", "desk"),
        (b"d" * 32, None, None),
        (b"d" * 32, "", None),
        (b"d" * 32, None, "x" * 256),
    ],
)
async def test_the_database_takes_no_half_one(
    gate: Gate, sql: Connection, digest: bytes, person: str | None, workstation: str | None
) -> None:
    queue = await gate.fleet.add_queue("printers", QueueMode.RELEASE_PRINTING)
    with pytest.raises(asyncpg.CheckViolationError):
        await sql.execute(
            "INSERT INTO private_uri (queue_id, digest, person, workstation) VALUES ($1, $2, $3, $4)",
            queue.id, digest, person, workstation,
        )  # fmt: skip


async def test_one_that_is_revoked_elsewhere_is_forgotten_here(gates: Callable[..., Awaitable[Gate]]) -> None:
    here, there = await gates(), await gates()
    crew, listener = Crew(), Listener(here.database.settings)
    listener.subscribe("ippgate_private_uri", here.private_uris.forget)
    crew.hire(listener.run())
    await listener.listening.wait()
    await there.fleet.add_queue("printers", QueueMode.RELEASE_PRINTING)
    issued, secret = await there.private_uris.add("printers", person="anna")
    assert await here.private_uris.bearer("printers", secret, HERE) == issued
    await there.private_uris.revoke(issued.id)

    async def forgotten() -> bool:
        try:
            await here.private_uris.bearer("printers", secret, HERE)
        except NotFound:
            return True
        return False

    await eventually(forgotten, "the end of the URI to be heard of", within=5)
    await crew.dismiss()
