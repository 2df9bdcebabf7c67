"""`ippgate uri …`: printer URIs that say by themselves who prints. The secret is shown once, when one is issued."""

import socket
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ippgate.cli.facts import when
from ippgate.cli.show import AsJson, Column, done, listing
from ippgate.cli.work import commands, settings, with_gate
from ippgate.model.private_uri import PrivateUri

if TYPE_CHECKING:
    from ippgate.app import Gate
    from ippgate.config.settings import ServerSettings

app = commands("Printer URIs of their own for people and workstations, which need no password then.")

COLUMNS = (
    Column("id", "Id", right=True),
    Column("queue", "Queue"),
    Column("person", "Person"),
    Column("workstation", "Workstation"),
    Column("created", "Issued"),
)

Person = Annotated[str, typer.Option(help="Whose jobs come by it, whatever the client says.")]
Workstation = Annotated[str, typer.Option(help="The workstation they come from; whose they are, the client says.")]


@app.command()
def add(
    context: typer.Context,
    *,
    queue: Annotated[str, typer.Argument(metavar="QUEUE", help="The queue that is printed to.")],
    person: Person = "",
    workstation: Workstation = "",
    as_json: AsJson = False,
) -> None:
    """Issue a printer URI to a person or to a workstation. It is shown this once: whoever has it may print by it."""
    if bool(person) == bool(workstation):
        raise typer.BadParameter("Name one: --person or --workstation.")

    async def work(gate: "Gate") -> tuple[PrivateUri, str]:
        return await gate.private_uris.add(queue.lower(), person=person, workstation=workstation)

    added, secret = with_gate(context, work)
    uris = _uris(settings(context).server, f"/ipp/print/{added.queue}/~{secret}")
    sentence = f"The printer URI {added.id} of {person or workstation}, which is not shown again:\n"
    if as_json:
        done("", {**_facts(added), "uris": uris}, as_json=True)
        return
    done(sentence.rstrip(), {}, as_json=False)
    for uri in uris:
        done(f"  {uri}", {}, as_json=False)


@app.command("list")
def list_uris(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List those that were issued, without their secrets."""

    async def work(gate: "Gate") -> list[dict[str, Any]]:
        return [_facts(uri) for uri in await gate.private_uris.all()]

    nothing = "There are no private URIs; `ippgate uri add` issues one."
    listing(with_gate(context, work), COLUMNS, as_json=as_json, nothing=nothing)


@app.command()
def revoke(
    context: typer.Context,
    *,
    number: Annotated[int, typer.Argument(metavar="ID", help="Its number, as `ippgate uri list` shows it.")],
    as_json: AsJson = False,
) -> None:
    """Take a URI back: nobody prints by it any more."""

    async def work(gate: "Gate") -> PrivateUri:
        return await gate.private_uris.revoke(number)

    gone = with_gate(context, work)
    sentence = f"The printer URI {gone.id} of {gone.person or gone.workstation} is worth nothing any more."
    done(sentence, {"revoked": gone.id}, as_json=as_json)


def _facts(uri: PrivateUri) -> dict[str, Any]:
    return {
        "id": uri.id,
        "queue": uri.queue,
        "person": uri.person or None,
        "workstation": uri.workstation or None,
        "created": when(uri.created_at),
    }


def _uris(server: "ServerSettings", path: str) -> list[str]:
    """By TLS first; the host is the one that clients are told, or this machine."""
    host = server.public_name or (server.host if server.host not in ("0.0.0.0", "::") else socket.gethostname())  # noqa: S104
    shown = f"[{host}]" if ":" in host else host
    plain = f"ipp://{shown}:{server.port}{path}"
    return [f"ipps://{shown}:{server.tls_port}{path}", plain] if server.tls else [plain]
