"""`ippgate station …`: add, enrol, list, show, set, renew, remove. A secret or a code is shown once, as it is drawn,
and never again.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ippgate.cli.certificate_file import read_certificate
from ippgate.cli.facts import when
from ippgate.cli.show import AsJson, Column, as_document, done, listing, story
from ippgate.cli.work import commands, with_gate
from ippgate.model.station import Station, StationCode

if TYPE_CHECKING:
    from ippgate.app import Gate

app = commands("Stations: what stands at devices and says who stands there, such as an MFP's app.")

COLUMNS = (
    Column("name", "Name"),
    Column("devices", "Devices", long=True),
    Column("names_people", "Names people"),
    Column("proof", "Proof"),
    Column("changed", "Renewed"),
    Column("code_until", "Code good until"),
)

Name = Annotated[str, typer.Argument(metavar="STATION", help="The station's name.")]
Certificate = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Its certificate, PEM or DER, without the key; default: a secret.")
]


@app.command()
def add(
    context: typer.Context,
    *,
    name: Name,
    device: Annotated[list[str], typer.Option(help="A device at which it stands; may be given several times.")],
    certificate: Certificate = None,
    names_people: Annotated[
        bool, typer.Option("--names-people", help="Believe it who the person is that it has authenticated.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Register a station at its devices, with its certificate, or with a secret that is shown this once."""
    octets = read_certificate(certificate)

    async def work(gate: "Gate") -> dict[str, Any]:
        ids = await _ids(gate, device)
        added, secret = await gate.stations.add(name, ids, certificate=octets, names_people=names_people)
        return {**await _facts(gate, added), "secret": secret}

    _told_once(f"The station {name} is there", with_gate(context, work), as_json=as_json)


@app.command()
def enrol(
    context: typer.Context,
    *,
    name: Name,
    device: Annotated[
        list[str] | None,
        typer.Option(help="A device at which it will stand; may be given several times. Default: where it stands."),
    ] = None,
    names_people: Annotated[
        bool | None,
        typer.Option("--names-people/--names-nobody", help="Whether it will be believed who stands there."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a one-time code for a new station, or for one that needs a new secret: whoever types it there is that
    station from then on. It is shown this once.
    """

    async def work(gate: "Gate") -> dict[str, Any]:
        code, made = await gate.stations.code(name, await _ids(gate, device or ()), names_people=names_people)
        return {"name": name, "code": code, "until": when(made.until)}

    facts = with_gate(context, work)
    done(f"The code of the station {name}, good until {facts['until']}: {facts['code']}", facts, as_json=as_json)


@app.command("list")
def list_stations(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List stations, and those for which a code is good."""

    async def work(gate: "Gate") -> list[dict[str, Any]]:
        codes = {code.name: code for code in await gate.stations.codes()}
        there = [
            await _facts(gate, station, codes.pop(station.name, None)) for station in await gate.stations.stations()
        ]
        return sorted(there + [await _awaited(gate, code) for code in codes.values()], key=lambda facts: facts["name"])

    nothing = "There are no stations; `ippgate station add` adds one."
    listing(with_gate(context, work), COLUMNS, as_json=as_json, nothing=nothing)


@app.command()
def show(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Show a station; its secret is known to nobody."""

    async def work(gate: "Gate") -> dict[str, Any]:
        return await _facts(gate, await gate.stations.station(name))

    story(with_gate(context, work), as_json=as_json)


@app.command("set")
def set_station(
    context: typer.Context,
    *,
    name: Name,
    add: Annotated[
        list[str] | None, typer.Option(metavar="DEVICE", help="A device at which it stands as well.")
    ] = None,
    remove: Annotated[list[str] | None, typer.Option(metavar="DEVICE", help="One where it stands no more.")] = None,
    names_people: Annotated[
        bool | None, typer.Option("--names-people/--names-nobody", help="Whether it is believed who stands there.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change where a station stands and whether it names people; what is not named stays."""
    if not add and not remove and names_people is None:
        raise typer.BadParameter("Name what to change: --add, --remove, --names-people, --names-nobody.")

    async def work(gate: "Gate") -> dict[str, Any]:
        more, less = await _ids(gate, add or ()), await _ids(gate, remove or ())
        return await _facts(gate, await gate.stations.set(name, add=more, remove=less, names_people=names_people))

    done(f"The station {name} is changed.", with_gate(context, work), as_json=as_json)


@app.command()
def renew(context: typer.Context, *, name: Name, certificate: Certificate = None, as_json: AsJson = False) -> None:
    """Give a station another certificate, or a new secret; what it had is worth nothing from then on."""
    octets = read_certificate(certificate)

    async def work(gate: "Gate") -> dict[str, Any]:
        renewed, secret = await gate.stations.renew(name, octets)
        return {**await _facts(gate, renewed), "secret": secret}

    _told_once(f"The station {name} is renewed", with_gate(context, work), as_json=as_json)


@app.command()
def remove(context: typer.Context, *, name: Name, as_json: AsJson = False) -> None:
    """Remove a station, and its code, or its code alone."""

    async def work(gate: "Gate") -> None:
        await gate.stations.remove(name)

    with_gate(context, work)
    done(f"The station {name} is gone.", {"removed": name}, as_json=as_json)


def _told_once(sentence: str, facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        as_document(facts)
    elif facts["secret"] is None:
        done(f"{sentence}: over TLS, with its certificate.", facts, as_json=False)
    else:
        done(f"{sentence}: over TLS, with its name and this secret, which is not shown again:", facts, as_json=False)
        print(facts["secret"])


async def _ids(gate: "Gate", devices: Iterable[str]) -> list[int]:
    return [(await gate.fleet.device(device)).id for device in devices]


async def _facts(gate: "Gate", station: Station, code: StationCode | None = None) -> dict[str, Any]:
    return {
        "name": station.name,
        "devices": await _names(gate, station.devices),
        "names_people": station.names_people,
        "proof": "certificate" if station.fingerprint else "secret",
        "fingerprint": station.fingerprint.hex() if station.fingerprint else None,
        "created": when(station.created_at),
        "changed": when(station.changed_at),
        "code_until": when(code.until) if code else None,
    }


async def _awaited(gate: "Gate", code: StationCode) -> dict[str, Any]:
    """A station that is not there yet."""
    return {
        "name": code.name,
        "devices": await _names(gate, code.devices or frozenset()),
        "names_people": bool(code.names_people),
        "proof": None,
        "fingerprint": None,
        "created": None,
        "changed": None,
        "code_until": when(code.until),
    }


async def _names(gate: "Gate", ids: frozenset[int]) -> list[str]:
    return [device.name for device in await gate.fleet.devices() if device.id in ids]
