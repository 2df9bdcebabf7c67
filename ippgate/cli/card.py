"""`ippgate card …`: add, list, remove, code, import. A number is typed by hand or by a reader, or piped in, never
written into the command.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ippgate.cli.facts import when
from ippgate.cli.password import typed_card
from ippgate.cli.sentence import FailedError
from ippgate.cli.show import AsJson, Column, cell, done, listing, progress
from ippgate.cli.work import commands, with_gate
from ippgate.model.card import Card
from ippgate.model.card_file import BadRow, Row, rows
from ippgate.model.card_number import CardProfile, number_of, profile_of
from ippgate.model.errors import Refusal

if TYPE_CHECKING:
    from ippgate.app import Gate

app = commands("Cards: by which people are known at devices.")

COLUMNS = (
    Column("id", "Id", right=True),
    Column("person", "Person", long=True),
    Column("label", "Ends with"),
    Column("created", "Registered"),
    Column("seen", "Last login"),
)
MOST = 100_000
"""Cards that one list shows."""

LARGEST_FILE = 64 * 1024 * 1024
"""Octets of a file: more than a million cards."""

MOST_BAD = 1000
"""Bad rows that are named; others are counted."""

Person = Annotated[str, typer.Argument(metavar="PERSON", help="Whose card it is.")]
Profile = Annotated[
    str,
    typer.Option(
        help="How the reader writes: hex, decimal or text, octets=4, reversed, prefix=;, suffix=? with commas between."
    ),
]


@app.command()
def add(context: typer.Context, *, person: Person, profile: Profile = "hex", as_json: AsJson = False) -> None:
    """Register a card. Its number comes from a reader that types it, or from standard input: its first line."""
    number = number_of(typed_card(), profile_of(profile))

    async def work(gate: "Gate") -> tuple[Card, bool]:
        return await gate.cards.add(person, number)

    card, new = with_gate(context, work)
    said = "is registered" if new else "was registered already"
    done(f"The card …{card.label} of {card.person} {said}.", _facts(card), as_json=as_json)


@app.command("list")
def list_cards(
    context: typer.Context,
    *,
    person: Annotated[str | None, typer.Argument(metavar="[PERSON]", help="Only those of this person.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="So many at the most.")] = 1000,
    as_json: AsJson = False,
) -> None:
    """List cards; their numbers are known to nobody."""

    async def work(gate: "Gate") -> list[dict[str, Any]]:
        found: list[Card] = []
        while len(found) < limit:
            after = found[-1].id if found else 0
            page = await gate.cards.listing(person, after=after, limit=limit - len(found))
            if not page:
                break
            found += page
        return [_facts(card) for card in found]

    nothing = "There are no cards; `ippgate card add` registers one."
    listing(with_gate(context, work), COLUMNS, as_json=as_json, nothing=nothing)


@app.command()
def remove(
    context: typer.Context,
    *,
    number: Annotated[int, typer.Argument(metavar="ID", help="Its id, as `ippgate card list` shows it.")],
    as_json: AsJson = False,
) -> None:
    """Forget a card: nobody logs in with it any more."""

    async def work(gate: "Gate") -> Card:
        return await gate.cards.remove(number)

    card = with_gate(context, work)
    done(f"The card …{card.label} of {card.person} is worth nothing any more.", {"removed": card.id}, as_json=as_json)


@app.command()
def code(context: typer.Context, *, person: Person, as_json: AsJson = False) -> None:
    """Make a one-time code by which a person registers a card at a device. It is shown this once."""

    async def work(gate: "Gate") -> dict[str, Any]:
        made, until = await gate.cards.code(person)
        return {"person": person, "code": made, "until": when(until)}

    facts = with_gate(context, work)
    done(f"The code of {person}, good until {facts['until']}: {facts['code']}", facts, as_json=as_json)


@app.command("import")
def import_cards(
    context: typer.Context,
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="With the columns person and card.")],
    profile: Profile = "hex",
    as_json: AsJson = False,
) -> None:
    """Register the cards of a CSV file. Nothing is taken of a row that is bad; all others are."""
    lines, chosen = _lines(file), profile_of(profile)
    parsed = list(rows(lines))
    taken = known = 0
    bad: list[BadRow] = []

    async def work(gate: "Gate") -> None:
        nonlocal taken, known
        with progress("cards", len(parsed)) as advance:
            for row in parsed:
                outcome = row if isinstance(row, BadRow) else await _taken(gate, row, chosen)
                if isinstance(outcome, BadRow):
                    bad.append(outcome)
                elif outcome:
                    taken += 1
                else:
                    known += 1
                advance(1)

    with_gate(context, work)
    named = [{"line": each.line, "reason": each.reason} for each in bad[:MOST_BAD]]
    facts = {"taken": taken, "known": known, "bad": len(bad), "rows": named}
    done(f"{taken} cards are registered, {known} were already, {len(bad)} rows are bad.", facts, as_json=as_json)
    if not as_json:
        for each in bad[:MOST_BAD]:
            print(f"  line {each.line}: {cell(each.reason)}")
        if len(bad) > MOST_BAD:
            print(f"  and {len(bad) - MOST_BAD} more")
    if bad:
        raise typer.Exit(1)


async def _taken(gate: "Gate", row: Row, profile: CardProfile) -> bool | BadRow:
    """Whether the card is new; a refusal is the row's."""
    try:
        _, new = await gate.cards.add(row.person, number_of(row.card, profile))
    except Refusal as error:
        return BadRow(row.line, str(error))
    return new


def _lines(file: Path) -> Iterable[str]:
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline=None) as opened:
        text = opened.read(LARGEST_FILE + 1)
    if len(text) > LARGEST_FILE:
        raise FailedError(f"{file} is too large: {LARGEST_FILE} characters at most")
    return text.split("\n")


def _facts(card: Card) -> dict[str, Any]:
    return {
        "id": card.id,
        "person": card.person,
        "label": card.label,
        "created": when(card.created_at),
        "seen": when(card.seen_at),
    }
