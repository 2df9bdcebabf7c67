"""`ippgate reader …`: add, list, set, renew, remove. A token is shown once, as it is drawn, and never again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ippgate.cli.certificate_file import read_certificate
from ippgate.cli.facts import when
from ippgate.cli.show import AsJson, Column, as_document, done, listing
from ippgate.cli.work import commands, with_gate
from ippgate.model.reader import Reader

if TYPE_CHECKING:
    from ippgate.app import Gate

app = commands("Card readers on the network: each at one device, beside a station's page or alone.")

COLUMNS = (
    Column("name", "Name"),
    Column("device", "Device"),
    Column("station", "Station"),
    Column("profile", "Writes", long=True),
    Column("proof", "Proof"),
    Column("seen", "Last seen"),
)

Name = Annotated[str, typer.Argument(metavar="READER", help="The reader's name.")]
Station = Annotated[str | None, typer.Option(help="The station beside it, whose page is told of each tap.")]
Profile = Annotated[
    str | None,
    typer.Option(
        help="How it writes numbers: hex, decimal or text, octets=4, reversed, prefix=;, suffix=? with commas between;"
        " device: as its device says."
    ),
]

Certificate = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Its certificate, PEM or DER, without the key; default: a token.")
]


@app.command()
def add(
    context: typer.Context,
    *,
    name: Name,
    device: Annotated[str, typer.Option(help="The device at which it is.")],
    station: Station = None,
    alone: Annotated[bool, typer.Option("--alone", help="No page is there: a tap prints all that waits.")] = False,
    profile: Profile = None,
    certificate: Certificate = None,
    as_json: AsJson = False,
) -> None:
    """Register a reader, beside a station or alone, with its certificate, or with a token that is shown this once."""
    if (station is None) != alone:
        raise typer.BadParameter("Say what comes of a tap: --station STATION, or --alone.")
    octets = read_certificate(certificate)

    async def work(gate: "Gate") -> dict[str, Any]:
        where = await gate.fleet.device(device)
        beside = await gate.stations.station(station) if station else None
        added, token = await gate.readers.add(name, where, beside, _writes(profile) or "", certificate=octets)
        return {**await _facts(gate, added), "token": token}

    _told_once(f"The reader {name} is there", with_gate(context, work), as_json=as_json)


@app.command("list")
def list_readers(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List readers; their tokens are known to nobody."""

    async def work(gate: "Gate") -> list[dict[str, Any]]:
        return [await _facts(gate, reader) for reader in await gate.readers.readers()]

    nothing = "There are no readers; `ippgate reader add` adds one."
    listing(with_gate(context, work), COLUMNS, as_json=as_json, nothing=nothing)


@app.command("set")
def set_reader(
    context: typer.Context,
    *,
    name: Name,
    device: Annotated[str | None, typer.Option(help="The device at which it is from now on.")] = None,
    station: Station = None,
    alone: Annotated[bool, typer.Option("--alone", help="No page is there: a tap prints all that waits.")] = False,
    profile: Profile = None,
    as_json: AsJson = False,
) -> None:
    """Change where a reader is, what comes of a tap, and how it writes; what is not named stays."""
    if station is not None and alone:
        raise typer.BadParameter("Beside a station or alone: not both.")
    if device is None and station is None and not alone and profile is None:
        raise typer.BadParameter("Name what to change: --device, --station, --alone, --profile.")

    async def work(gate: "Gate") -> dict[str, Any]:
        where = await gate.fleet.device(device) if device else None
        beside = await gate.stations.station(station) if station else None
        changed = await gate.readers.set(name, device=where, station=beside, alone=alone, profile=_writes(profile))
        return await _facts(gate, changed)

    done(f"The reader {name} is changed.", with_gate(context, work), as_json=as_json)


@app.command()
def renew(context: typer.Context, *, name: Name, certificate: Certificate = None, as_json: AsJson = False) -> None:
    """Give a reader another certificate, or a new token; what it had is worth nothing from then on."""
    octets = read_certificate(certificate)

    async def work(gate: "Gate") -> dict[str, Any]:
        renewed, token = await gate.readers.renew(name, octets)
        return {**await _facts(gate, renewed), "token": token}

    _told_once(f"The reader {name} is renewed", with_gate(context, work), as_json=as_json)


@app.command()
def remove(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Remove a reader: what it sends is worth nothing any more."""

    async def work(gate: "Gate") -> None:
        await gate.readers.remove(name)

    with_gate(context, work)
    done(f"The reader {name} is gone.", {"removed": name}, as_json=as_json)


def _told_once(sentence: str, facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        as_document(facts)
    elif facts["token"] is None:
        done(f"{sentence}: over TLS, with its certificate.", facts, as_json=False)
    else:
        done(f"{sentence}: with this token, which is not shown again:", facts, as_json=False)
        print(facts["token"])


def _writes(profile: str | None) -> str | None:
    return "" if profile == "device" else profile


async def _facts(gate: "Gate", reader: Reader) -> dict[str, Any]:
    stations = {station.id: station.name for station in await gate.stations.stations()}
    return {
        "name": reader.name,
        "device": (await gate.fleet.device_by_id(reader.device_id)).name,
        "station": stations.get(reader.station_id) if reader.station_id else None,
        "alone": reader.station_id is None,
        "proof": "certificate" if reader.fingerprint else "token",
        "profile": reader.profile or "as its device says",
        "created": when(reader.created_at),
        "changed": when(reader.changed_at),
        "seen": when(reader.seen_at),
    }
