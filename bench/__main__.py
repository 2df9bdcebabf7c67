"""`python -m bench [p1 p3 …] [--quick] [--json FILE]`: ask the questions, show a table, keep the figures."""

import argparse
import importlib
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvloop
from rich.console import Console

from bench.figure import Figure
from bench.machine import facts
from bench.run import Run
from bench.table import save, table
from ippgate.observe import configure
from tests.rig.where import rig_root

QUESTIONS = {
    "p1": "p1_intake",
    "p2": "p2_backlog",
    "p3": "p3_delivery",
    "p4": "p4_large",
    "p5": "p5_release",
    "p6": "p6_listing",
    "p7": "p7_decode",
    "p10": "p10_rules",
}
RESULTS = Path(__file__).parent / "results.json"

Ask = Callable[[Run], Awaitable[list[Figure]]]


def main() -> None:
    """Ask what the command line names, or everything."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="How fast the gate is, beside its peers.")
    parser.add_argument("questions", nargs="*", metavar="QUESTION", help=f"{', '.join(QUESTIONS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="fewer jobs, smaller documents, shorter rounds")
    parser.add_argument("--json", type=Path, default=RESULTS, metavar="FILE", help="default: bench/results.json")
    chosen = parser.parse_args()
    names = [name.lower() for name in chosen.questions] or list(QUESTIONS)
    if strange := set(names) - set(QUESTIONS):
        parser.error(f"there is no {', '.join(sorted(strange))}; the questions are {', '.join(QUESTIONS)}")
    console = Console(width=None if Console().is_terminal else 160)
    for name in [name for name in os.environ if name.startswith("IPPGATE_")]:
        del os.environ[name]  # the gate is measured with its defaults, not with those of whoever runs this
    configure("console", "silent")
    with rig_root() as root:
        figures, machine = uvloop.run(_ask(names, root, console, quick=chosen.quick))
    console.print(table(figures))
    save(chosen.json, machine, figures)
    console.print(f"Every round is in {chosen.json}.")


async def _ask(names: list[str], root: Path, console: Console, *, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    figures: list[Figure] = []
    machine, began = await facts() | {"quick": quick}, time.monotonic()
    with console.status("") as status:
        run = Run(root, quick=quick, say=lambda text: status.update(f"{asked}: {text}"))
        try:
            for asked in names:
                ask: Ask = importlib.import_module(f"bench.{QUESTIONS[asked]}").ask
                figures += await ask(run)
        finally:
            await run.close()
    return figures, machine | {"seconds": round(time.monotonic() - began)}


if __name__ == "__main__":
    main()
