"""`ippgate doctor`: examine the gate from the outside in; every line says what was found and what to do.

    machine   this machine: home, keys, disk, port
    tls       the certificate that clients are shown
    convert   what converts documents, where that is switched on
    rules     the file of the rules that judge jobs
    database  the database and what it knows: migrations, workers, documents, devices

It changes nothing, but it starts the embedded PostgreSQL for as long as it looks. What is asked about one person,
device or job is answered by the service (`ippgate.doctor`).
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from ippgate.cli.doctor import convert, machine, rules, tls
from ippgate.cli.password import typed_card
from ippgate.cli.show import AsJson, as_document, finding
from ippgate.cli.work import commands, configuration, quiet, with_gate
from ippgate.config import Configuration
from ippgate.model.finding import Finding, Verdict, ok

if TYPE_CHECKING:
    from ippgate.app import Gate

app = commands()


@app.callback(invoke_without_command=True)
def doctor(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Examine the gate and say what is wrong and what to do; or ask about one person, device or job."""
    if context.invoked_subcommand is not None:
        return
    found = configuration(context)
    quiet(context)
    _tell(asyncio.run(_examine(found)), as_json=as_json)


Card = Annotated[
    bool, typer.Option("--card", help="And about a card: its number comes from a reader, or from standard input.")
]


@app.command("user")
def of_person(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(metavar="PERSON", help="Any of their names.")],
    device: Annotated[str | None, typer.Option(help="The device at which they want to log in.")] = None,
    card: Card = False,
    as_json: AsJson = False,
) -> None:
    """Say why somebody's jobs do not show, and why they cannot log in."""
    read = typed_card() if card else ""

    async def work(gate: "Gate") -> list[Finding]:
        return await gate.doctor.person(name, device=device, card=read)

    _tell(with_gate(context, work), as_json=as_json)


@app.command("device")
def of_device(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(metavar="DEVICE", help="The device's name.")],
    card: Card = False,
    as_json: AsJson = False,
) -> None:
    """Say why a device prints nothing, or lets nobody in: it is asked, its lane and last deliveries are looked at."""
    read = typed_card() if card else ""

    async def work(gate: "Gate") -> list[Finding]:
        return [*await gate.doctor.device(name), *await gate.doctor.login(name, read)]

    _tell(with_gate(context, work), as_json=as_json)


@app.command("job")
def of_job(
    context: typer.Context,
    *,
    job_id: Annotated[int, typer.Argument(metavar="JOB", min=1, help="The job's id.")],
    as_json: AsJson = False,
) -> None:
    """Say what keeps a job, or what became of it."""

    async def work(gate: "Gate") -> list[Finding]:
        return await gate.doctor.job(job_id)

    _tell(with_gate(context, work), as_json=as_json)


def _tell(findings: Sequence[Finding], *, as_json: bool) -> None:
    """Print them; the command fails where one of them does."""
    if as_json:
        as_document([line.facts() for line in findings])
    else:
        for line in findings:
            finding(line.verdict, line.subject, line.found, line.remedy)
    if any(line.verdict is Verdict.FAIL for line in findings):
        raise typer.Exit(1)


async def _examine(found: Configuration) -> list[Finding]:
    from ippgate.cli.doctor import database  # noqa: PLC0415 - brings the services: half a second `--help` need not pay

    settings = found.settings
    findings = [ok("configuration", str(found.file or "no file; environment and defaults"))]
    findings += [*machine.home(settings), *machine.keys(settings), *tls.certificate(settings)]
    findings += [*convert.converter(settings), *rules.rules(settings)]
    serving = False
    async for told in database.examine(settings):
        if isinstance(told, Finding):
            findings.append(told)
        else:
            serving = any(worker.lives and worker.machine == machine.HOST for worker in told)
    findings.append(await machine.port(settings, expected=serving))
    if settings.server.tls:
        findings.append(await machine.port(settings, expected=serving, secure=True))
    return findings
