"""`ippgate subscription`: whose there are, and one that is no longer wanted."""

from collections.abc import Callable

from ippgate.ipp import Operation
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from tests.integration.cli.conftest import Operator
from tests.rig.ipp_client import IppClient
from tests.rig.process import Process

IPPGET = attribute(A.NOTIFY_PULL_METHOD, "ippget")


async def test_operators_see_subscriptions_and_cancel_them(operator: Operator, serving: Callable[..., Process]) -> None:
    await operator("db", "migrate")
    await operator("queue", "add", "followme")
    assert await operator.json("subscription", "list") == []
    serving()
    client = IppClient(operator.port, user="jake")
    events = attribute(A.NOTIFY_EVENTS, "job-completed", "printer-stopped")
    lease = attribute(A.NOTIFY_LEASE_DURATION, 0)
    await client.ask(
        Operation.CREATE_PRINTER_SUBSCRIPTIONS, queue="followme", subscriptions=[[IPPGET, events], [IPPGET, lease]]
    )
    answer = await client.ask(
        Operation.PRINT_JOB, queue="followme", document=b"a page", subscriptions=[[IPPGET, events]]
    )
    listed = await operator.json("subscription", "list")
    assert [(one["id"], one["owner"], one["queue"], one["job"], one["lease"]) for one in listed] == [
        (1, "jake", "followme", None, 86_400),
        (2, "jake", "followme", None, 0),
        (3, "jake", "followme", answer.job_id, None),
    ]
    assert listed[0]["events"] == ["job-completed", "printer-stopped"]
    assert [one["until"] is not None for one in listed] == [True, False, False]
    assert (await operator("subscription", "cancel", 2)).out == "Subscription 2 is cancelled.\n"
    assert await operator.json("subscription", "cancel", 3) == {"canceled": 3}
    assert [one["id"] for one in await operator.json("subscription", "list")] == [1]
    assert "followme" in (await operator("subscription", "list")).out
    refused = await operator("subscription", "cancel", 2, check=False)
    assert (refused.code, refused.err) == (1, "ippgate: there is no subscription 2\n")
