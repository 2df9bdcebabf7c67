"""What a release is to change, and what people want of everything, as people write it → job template attributes.

The standard's keywords are understood, and the words that people have for the commonest of them.
"""

from collections.abc import Callable, Iterable
from typing import Annotated, Final

import typer

from ippgate.ipp import Attribute
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import Finishings
from ippgate.ipp.registry import attributes as A
from ippgate.model.preferences import preference

SIDES: Final = {
    "one": "one-sided",
    "simplex": "one-sided",
    "two": "two-sided-long-edge",
    "duplex": "two-sided-long-edge",
    "long": "two-sided-long-edge",
    "long-edge": "two-sided-long-edge",
    "short": "two-sided-short-edge",
    "short-edge": "two-sided-short-edge",
    "tumble": "two-sided-short-edge",
}
COLOR: Final = {
    "colour": "color",
    "mono": "monochrome",
    "bw": "monochrome",
    "black": "monochrome",
    "gray": "monochrome",
    "grey": "monochrome",
}
MEDIA: Final = {
    "a3": "iso_a3_297x420mm",
    "a4": "iso_a4_210x297mm",
    "a5": "iso_a5_148x210mm",
    "a6": "iso_a6_105x148mm",
    "executive": "na_executive_7.25x10.5in",
    "ledger": "na_ledger_11x17in",
    "legal": "na_legal_8.5x14in",
    "letter": "na_letter_8.5x11in",
    "tabloid": "na_ledger_11x17in",
}

NAMES: Final = {"color": A.PRINT_COLOR_MODE, "colour": A.PRINT_COLOR_MODE, "quality": A.PRINT_QUALITY}
WORDS: Final = {A.SIDES: SIDES, A.PRINT_COLOR_MODE: COLOR, A.MEDIA: MEDIA}

Copies = Annotated[int | None, typer.Option(min=1, max=99_999, help="How many copies.")]
Sides = Annotated[str | None, typer.Option(help="one, two (long edge), short, or a keyword of sides.")]
Color = Annotated[str | None, typer.Option(help="color, mono, auto, or a keyword of print-color-mode.")]
Media = Annotated[str | None, typer.Option(help="a4, letter … or a size's full name.")]
NumberUp = Annotated[int | None, typer.Option(min=1, max=64, help="Pages on each side.")]
OutputBin = Annotated[str | None, typer.Option(help="A keyword of output-bin: face-down, top, stacker-1 …")]
FinishingsOption = Annotated[
    str | None, typer.Option("--finishings", "--finishing", help="staple, punch, fold … or none; several with commas.")
]


def changes(
    *,
    copies: int | None,
    sides: str | None,
    color: str | None,
    media: str | None,
    number_up: int | None,
    output_bin: str | None,
    finishings: str | None,
) -> tuple[Attribute, ...]:
    """The attributes that were named. Raises typer.BadParameter for a word that is no value at all."""
    wishes: list[Attribute] = []
    if copies is not None:
        wishes.append(attribute(A.COPIES, copies))
    if number_up is not None:
        wishes.append(attribute(A.NUMBER_UP, number_up))
    for name, word, known in (
        (A.SIDES, sides, SIDES),
        (A.PRINT_COLOR_MODE, color, COLOR),
        (A.MEDIA, media, MEDIA),
        (A.OUTPUT_BIN, output_bin, {}),
    ):
        if word is not None:
            wishes.append(_built(name, [known.get(word.lower(), word.lower())], word))
    if finishings is not None:
        wishes.append(_built(A.FINISHINGS, [_finishing(word) for word in _listed(finishings)], finishings))
    return tuple(wishes)


def preferences(said: Iterable[str]) -> tuple[list[Attribute], list[str]]:
    """NAME=VALUE for each: what is preferred, and the names of what is not any more (NAME=). Raises typer.BadParameter,
    and NotPossible for what nobody may prefer.
    """
    wanted: list[Attribute] = []
    dropped: list[str] = []
    for each in said:
        name, equals, words = each.partition("=")
        if not equals:
            raise typer.BadParameter(f"{each!r}: write NAME=VALUE, such as sides=two.")
        known = NAMES.get(name.strip().lower(), name.strip().lower())
        if words.strip():
            word = words.strip().lower()
            wanted.append(preference(known, WORDS.get(known, {}).get(word, word)))
        else:
            dropped.append(known)
    return wanted, dropped


def _built(name: str, values: list[str] | list[int], said: str) -> Attribute:
    build: Callable[..., Attribute] = attribute
    try:
        return build(name, *values)
    except ValueError:
        raise typer.BadParameter(f"{said!r} is no value of {name}.") from None


def _listed(words: str) -> Iterable[str]:
    return [word for part in words.split(",") if (word := part.strip().lower())]


def _finishing(word: str) -> int:
    try:
        return Finishings[word.replace("-", "_").upper()]
    except KeyError:
        raise typer.BadParameter(
            f"{word!r} is no finishing: staple, punch, fold, staple-top-left … (see finishings in the IPP registry)."
        ) from None
