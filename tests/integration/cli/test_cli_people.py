"""`ippgate person …` as an operator types it, with a server that hears of it."""

from collections.abc import Callable

from tests.integration.cli.conftest import Operator
from tests.rig.documents import PDF
from tests.rig.eventually import eventually
from tests.rig.ipptool import ipptool
from tests.rig.process import Process

HIDDEN = ("argon2", "$m=")


async def test_a_persons_life_at_the_command_line(operator: Operator) -> None:
    await operator("db", "migrate")
    anna = await operator.json(
        *("person", "add", "CORP\\Anna", "--full-name", "Anna Li", "--email", "anna@corp.example"),
        *("--group", "staff", "--group", "lab", "--alias", "ali", "--department", "R&D", "--language", "de"),
    )
    assert (anna["name"], anna["groups"], anna["aliases"]) == ("anna", ["lab", "staff"], ["ali"])
    assert (anna["active"], anna["password"], anna["pin"], anna["auto_release"]) == (True, False, False, False)
    assert (await operator.json("person", "show", "ALI"))["name"] == "anna"
    changed = await operator.json("person", "change", "anna", "--leave", "lab", "--inactive", "--auto-release")
    assert (changed["groups"], changed["active"], changed["auto_release"]) == (["staff"], False, True)
    await operator("person", "add", "bea", "--group", "staff")
    assert [each["name"] for each in await operator.json("person", "list", "--group", "staff")] == ["anna", "bea"]
    assert [each["name"] for each in await operator.json("person", "list", "--active")] == ["bea"]
    assert [each["name"] for each in await operator.json("person", "list", "--after", "anna")] == ["bea"]
    assert (await operator("person", "remove", "bea")).out == "bea is forgotten.\n"
    assert "there is no person bea" in await operator.refused("person", "show", "bea")
    assert "ali is another name of anna" in await operator.refused("person", "add", "ali")


async def test_who_is_shut_out_prints_no_more_while_the_gate_serves(
    operator: Operator, serving: Callable[..., Process]
) -> None:
    await operator("db", "migrate")
    await operator("queue", "add", "followme")
    await operator("person", "add", "jake", "--alias", "jsmith")
    serving()
    assert not (await ipptool(operator.uri(), "print-job.test", document=PDF, user="JSmith")).failed
    await operator("person", "change", "jake", "--inactive")

    async def refused() -> bool:
        return bool((await ipptool(operator.uri(), "print-job.test", document=PDF, user="JSmith")).failed)

    await eventually(refused, "the server to hear of it", within=10)
    assert not (await ipptool(operator.uri(), "print-job.test", document=PDF, user="anna")).failed
