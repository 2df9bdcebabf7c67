"""`ippgate subscription …`: list, cancel. Clients make subscriptions over IPP; here operators see whose there are."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ippgate.cli.facts import when
from ippgate.cli.show import AsJson, Column, done, listing
from ippgate.cli.work import caller, commands, with_gate

if TYPE_CHECKING:
    from ippgate.app import Gate
    from ippgate.model.subscription import Subscription

app = commands("Subscriptions to events: who has asked to be told what.")

COLUMNS = (
    Column("id", "Id", right=True),
    Column("owner", "Owner", long=True),
    Column("queue", "Queue"),
    Column("job", "Job", right=True),
    Column("events", "Events", long=True),
    Column("noted", "Noted", right=True),
    Column("until", "Until"),
)
WHOLE = 1000
"""Subscriptions that are asked for at once, until there are no more."""


@app.command("list")
def list_subscriptions(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List subscriptions, those of printers and those of jobs."""

    async def work(gate: "Gate") -> list[dict[str, Any]]:
        found: list[Subscription] = []
        while page := await gate.notices.all(WHOLE, after=found[-1].id if found else 0):
            found += page
        return [_facts(each) for each in found]

    nothing = "Nobody has subscribed to anything; clients do it over IPP."
    listing(with_gate(context, work), COLUMNS, as_json=as_json, nothing=nothing)


@app.command()
def cancel(
    context: typer.Context,
    *,
    subscription: Annotated[int, typer.Argument(metavar="SUBSCRIPTION", help="The subscription's id.", min=1)],
    as_json: AsJson = False,
) -> None:
    """Cancel a subscription; what was not fetched is gone with it."""

    async def work(gate: "Gate") -> None:
        await gate.notices.cancel(subscription, caller())

    with_gate(context, work)
    done(f"Subscription {subscription} is cancelled.", {"canceled": subscription}, as_json=as_json)


def _facts(subscription: "Subscription") -> dict[str, Any]:
    """until: nothing for one that lasts as long as its job, or as it is fetched."""
    return {
        "id": subscription.id,
        "owner": subscription.owner,
        "queue": subscription.queue,
        "job": subscription.job_id,
        "events": [str(event) for event in subscription.events],
        "noted": subscription.number,
        "created": when(subscription.created_at),
        "lease": subscription.lease,
        "until": when(subscription.until) if subscription.lease else None,
    }
