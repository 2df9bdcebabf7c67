"""`ippgate key …`: the master keys that wrap the keys of jobs."""

from typing import TYPE_CHECKING, Any

import typer

from ippgate.cli.show import AsJson, done, progress, story
from ippgate.cli.work import commands, with_gate
from ippgate.store.health import keys_in_use

if TYPE_CHECKING:
    from ippgate.app import Gate

app = commands("The master keys that protect documents at rest.")


@app.command()
def status(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Show which master keys there are, and how many jobs' keys each wraps."""

    async def work(gate: "Gate") -> dict[str, Any]:
        return await _facts(gate)

    story(with_gate(context, work), as_json=as_json)


@app.command()
def rotate(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Make a new master key and wrap every job's key with it; documents stay as they are."""

    async def work(gate: "Gate") -> tuple[int, dict[str, Any]]:
        wrapped = 0
        with progress("Wrapping keys of jobs", sum(use.jobs for use in await keys_in_use(gate.database))) as more:
            async for count in gate.rotation.rotate():
                wrapped += count
                more(count)
        return wrapped, await _facts(gate)

    wrapped, facts = with_gate(context, work)
    sentence = f"Master key {facts['current']} is in use; the keys of {wrapped} jobs are wrapped with it. Back it up."
    done(sentence, {**facts, "wrapped": wrapped}, as_json=as_json)


async def _facts(gate: "Gate") -> dict[str, Any]:
    used = {use.number: use.jobs for use in await keys_in_use(gate.database)}
    numbers = sorted({*gate.keys.known, *used})
    return {
        "current": gate.keys.current,
        "folder": str(gate.settings.keys),
        "keys": [{"key": number, "jobs": used.get(number, 0), "here": number in gate.keys.known} for number in numbers],
    }
