"""`ippgate session …`: list, revoke. A token is known to nobody but whoever has logged in."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ippgate.cli.facts import when
from ippgate.cli.show import AsJson, Column, done, listing
from ippgate.cli.work import commands, with_gate
from ippgate.model.session import Session

if TYPE_CHECKING:
    from ippgate.app import Gate

app = commands("Sessions of people and operators who have logged in.")

COLUMNS = (
    Column("id", "Id", right=True),
    Column("person", "Person", long=True),
    Column("operator", "Operator"),
    Column("kind", "Kind"),
    Column("device", "Device"),
    Column("station", "Station"),
    Column("opened", "Opened"),
    Column("seen", "Last used"),
    Column("ends", "Ends"),
)
MOST = 100_000
"""Sessions that one list shows."""


@app.command("list")
def list_sessions(
    context: typer.Context,
    *,
    person: Annotated[str | None, typer.Argument(metavar="[PERSON]", help="Only those of this person.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="So many at the most.")] = 1000,
    as_json: AsJson = False,
) -> None:
    """List the sessions that are good at this moment."""

    async def work(gate: "Gate") -> list[dict[str, Any]]:
        devices = {device.id: device.name for device in await gate.fleet.devices()}
        stations = {station.id: station.name for station in await gate.stations.stations()}
        found: list[Session] = []
        while len(found) < limit:
            page = await gate.sessions.listing(person, after=found[-1].id if found else 0, limit=limit - len(found))
            if not page:
                break
            found += page
        return [_facts(session, devices, stations) for session in found]

    listing(with_gate(context, work), COLUMNS, as_json=as_json, nothing="Nobody has logged in.")


@app.command()
def revoke(
    context: typer.Context,
    *,
    number: Annotated[int | None, typer.Argument(metavar="[ID]", help="Its id, as `session list` shows it.")] = None,
    person: Annotated[str, typer.Option(help="All of this person's.")] = "",
    as_json: AsJson = False,
) -> None:
    """End a session, or all of a person's: whoever has it has to log in again."""
    if (number is None) == (not person):
        raise typer.BadParameter("Name one: ID or --person.")

    async def work(gate: "Gate") -> int:
        if number is None:
            return await gate.sessions.revoke_all(person)
        await gate.sessions.revoke(number)
        return 1

    ended = with_gate(context, work)
    done(f"{ended} sessions have ended.", {"ended": ended}, as_json=as_json)


def _facts(session: Session, devices: dict[int, str], stations: dict[int, str]) -> dict[str, Any]:
    return {
        "id": session.id,
        "person": session.person,
        "operator": session.operator,
        "kind": str(session.kind),
        "device": devices.get(session.device_id or 0),
        "station": stations.get(session.station_id or 0),
        "opened": when(session.opened_at),
        "seen": when(session.seen_at),
        "ends": when(session.ends_at),
    }
