"""`ippgate doctor`: examine the gate from the outside in; every line says what was found and what to do.

    finding   a line: ok, warn or fail, with its remedy
    machine   this machine: home, keys, disk, port
    database  the database and what it knows: migrations, workers, documents, devices

It changes nothing, but it starts the embedded PostgreSQL for as long as it looks.
"""

import asyncio

import typer

from ippgate.cli.doctor import machine
from ippgate.cli.doctor.finding import Finding, Verdict, ok
from ippgate.cli.show import AsJson, Column, listing
from ippgate.cli.work import commands, configuration, quiet
from ippgate.config import Configuration

app = commands()

COLUMNS = (
    Column("verdict", "State"),
    Column("subject", "What"),
    Column("found", "Found"),
    Column("remedy", "What to do"),
)


@app.command()
def doctor(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Examine the gate and say what is wrong and what to do."""
    found = configuration(context)
    quiet(context)
    findings = asyncio.run(_examine(found))
    listing([finding.facts() for finding in findings], COLUMNS, as_json=as_json, nothing="")
    if any(finding.verdict is Verdict.FAIL for finding in findings):
        raise typer.Exit(1)


async def _examine(found: Configuration) -> list[Finding]:
    from ippgate.cli.doctor import database  # noqa: PLC0415 - brings the services: half a second `--help` need not pay

    settings = found.settings
    findings = [ok("configuration", str(found.file or "no file; environment and defaults"))]
    findings += [*machine.home(settings), *machine.keys(settings)]
    serving = False
    async for finding in database.examine(settings):
        if isinstance(finding, Finding):
            findings.append(finding)
        else:
            serving = any(worker.lives and worker.machine == machine.HOST for worker in finding)
    findings.append(await machine.port(settings, expected=serving))
    return findings
