"""`ippgate alias …`, `ippgate job claim` and titles, as an operator types them, with a server that takes real jobs."""

from collections.abc import Callable

from tests.integration.cli.conftest import Operator
from tests.rig.documents import PDF
from tests.rig.eventually import eventually
from tests.rig.ipptool import ipptool
from tests.rig.process import Process

CLAIM = {"IPPGATE_OWNERS_NOBODY_GOES": "claim"}
PRIVATE = {"IPPGATE_PRIVACY_OPERATORS": "ask"}


async def printed(operator: Operator, user: str) -> None:
    """ipptool prints a document in somebody's name."""
    verdicts = await ipptool(operator.uri(), "print-job.test", document=PDF, user=user)
    assert not verdicts.failed, str(verdicts)


async def test_aliases_and_claims_of_a_gate_that_serves(operator: Operator, serving: Callable[..., Process]) -> None:
    await operator("db", "migrate")
    await operator("queue", "add", "followme")
    added = await operator.json("alias", "add", "JSmith", "jake")
    assert added == {"name": "jsmith", "owner": "jake", "network": None, "queue": None}
    serving(env=CLAIM)
    await printed(operator, "CORP\\JSmith")
    await printed(operator, "mobile")
    first, second = await operator.json("job", "list")
    assert (first["user"], second["user"]) == ("jake", "mobile@127.0.0.1")
    told = await operator.json("job", "show", first["id"])
    assert (told["said"], told["unclaimed"]) == ("CORP\\JSmith", None)
    assert "nobody's yet" in await operator.refused("job", "release", second["id"], "--device", "none")
    assert "is no name of a person" in await operator.refused("job", "claim", second["id"], "--owner", "...")
    done = await operator("job", "claim", second["id"], "--owner", "CORP\\Anna")
    assert "pending-held" in done.out
    told = await operator.json("job", "show", second["id"])
    assert (told["user"], told["said"], told["unclaimed"]) == ("anna", "mobile", None)

    await operator("alias", "add", "*", "lobby", "--network", "127.0.0.0/8", "--queue", "followme")

    async def heard() -> bool:
        await printed(operator, "mobile")
        return bool((await operator.json("job", "list"))[-1]["user"] == "lobby")

    await eventually(heard, "the server to hear of the alias", within=20)
    assert "127.0.0.0/8" in (await operator("alias", "list")).out
    assert (await operator("alias", "remove", "jsmith")).out == "jsmith: 1 aliases are gone.\n"
    assert "has no such alias" in await operator.refused("alias", "remove", "jsmith")
    assert "is no network" in await operator.refused("alias", "add", "x", "y", "--network", "10.7.0.1/16")


async def test_titles_are_shown_on_demand_where_operators_have_to_ask(
    operator: Operator, serving: Callable[..., Process]
) -> None:
    await operator("db", "migrate")
    await operator("queue", "add", "followme")
    serving()
    await printed(operator, "jake")
    assert (await operator.json("job", "list"))[0]["name"]
    operator.env.update(PRIVATE)
    assert (await operator.json("job", "list"))[0]["name"] is None
    assert (await operator.json("job", "show", 1))["name"] is None
    assert (await operator.json("job", "show", 1, "--titles"))["name"]
    assert (await operator.json("job", "list", "--titles"))[0]["name"]
