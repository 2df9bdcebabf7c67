"""`ippgate doctor`: examine the gate from the outside in; every line says what was found and what to do.

    finding   a line: ok, warn or fail, with its remedy
    machine   this machine: home, keys, disk, port
    tls       the certificate that clients are shown
    convert   what converts documents, where that is switched on
    rules     the file of the rules that judge jobs
    database  the database and what it knows: migrations, workers, documents, devices

It changes nothing, but it starts the embedded PostgreSQL for as long as it looks.
"""

import asyncio

import typer

from ippgate.cli.doctor import convert, machine, rules, tls
from ippgate.cli.doctor.finding import Finding, Verdict, ok
from ippgate.cli.show import AsJson, as_document, finding
from ippgate.cli.work import commands, configuration, quiet
from ippgate.config import Configuration

app = commands()


@app.command()
def doctor(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Examine the gate and say what is wrong and what to do."""
    found = configuration(context)
    quiet(context)
    findings = asyncio.run(_examine(found))
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
