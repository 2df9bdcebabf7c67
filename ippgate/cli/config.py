"""`ippgate config …`: show what is in force, check what is written."""

from typing import Annotated

import typer

from ippgate.cli.show import AsJson, Column, done, listing
from ippgate.cli.work import commands, configuration
from ippgate.config import quantity
from ippgate.config.render import shown

app = commands("The configuration in force.")

COLUMNS = (Column("key", "Key"), Column("value", "Value"), Column("from", "From", long=True))


@app.command()
def show(
    context: typer.Context,
    *,
    section: Annotated[str | None, typer.Argument(help="Only this section.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show every setting and where it came from; passwords are masked."""
    found = shown(configuration(context))
    chosen = {key: facts for key, facts in found.items() if section in (None, key.partition(".")[0])}
    if not chosen:
        sections = ", ".join(dict.fromkeys(key.partition(".")[0] for key in found))
        raise typer.BadParameter(f"there is no section {section!r}: choose among {sections}.")
    rows = [
        {
            "key": key,
            "value": facts["value"] if as_json else _written(facts["value"], facts["unit"]),
            "unit": facts["unit"],
            "from": facts["origin"],
        }
        for key, facts in chosen.items()
    ]
    listing(rows, COLUMNS, as_json=as_json, nothing="")


@app.command()
def check(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Check the file and the environment; every fault is named with its remedy."""
    found = configuration(context)
    where = str(found.file) if found.file else "no file; environment and defaults"
    facts = {"file": str(found.file) if found.file else None, "set": len(found.origins)}
    done(f"The configuration is sound ({where}).", facts, as_json=as_json)


def _written(value: object, unit: str) -> object:
    if unit and isinstance(value, int | float) and unit in quantity.FACTORS:
        return quantity.written(value, "octets" if unit == "octets" else "seconds")
    return value
