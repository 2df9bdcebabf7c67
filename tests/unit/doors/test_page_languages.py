"""The words of the pages: each language has all of them, and a browser gets the best that it asks for."""

import io
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import ippgate.doors.web
from ippgate.doors.web.language import Languages

ROOM = Path(ippgate.doors.web.__file__).parent
LANGUAGES = Languages()
KEYWORDS = {"say": None, "say_many": (1, 2), "_tell": (2, 3), "gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
TRIMMED = {"**.html": {"trimmed": "true"}}


@cache
def said() -> frozenset[str | tuple[str, ...]]:
    """Every message of the pages."""
    return frozenset(
        tuple(message) if isinstance(message, list | tuple) else message
        for _, _, message, _, _ in extract_from_dir(
            ROOM,
            method_map=METHODS,
            options_map=TRIMMED,
            keywords=KEYWORDS,
        )
    )


def catalogue(tag: str) -> Catalog:
    return read_po(io.BytesIO((ROOM / "locale" / f"{tag}.po").read_bytes()), locale=tag)


def test_there_are_four_languages() -> None:
    assert set(LANGUAGES.by_tag) == {"en", "de", "fr", "ru"}


@pytest.mark.parametrize("tag", ["de", "fr", "ru"])
def test_a_language_has_every_message_and_no_other(tag: str) -> None:
    there = {message.id: message for message in catalogue(tag) if message.id}
    assert set(there) == said()
    for message in there.values():
        forms = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        assert all(forms), message.id
        assert list(message.check()) == []  # placeholders
        assert not message.fuzzy


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-CH,de;q=0.9,en;q=0.8", "de"),
        ("pl, fr;q=0.5, ru;q=0.7", "ru"),
        ("en-GB, de;q=0.9", "en"),
        ("tlh", "en"),
        ("*", "en"),
        (",;q=;;=,de;q=x", "en"),
        ("x" * 100_000, "en"),
    ],
)
def test_a_browser_gets_the_best_that_it_asks_for(accepted: str | None, tag: str) -> None:
    assert LANGUAGES.best(accepted).tag == tag


def test_a_persons_own_language_counts_first() -> None:
    assert LANGUAGES.best("de", "ru-ru").tag == "ru"
    assert LANGUAGES.best("de", "tlh").tag == "de"


def test_numbers_have_their_forms() -> None:
    one, several = "%(number)s page", "%(number)s pages"
    assert LANGUAGES.by_tag["en"].say_many(one, several, 1) == "1 page"
    russian = LANGUAGES.by_tag["ru"]
    assert [russian.say_many(one, several, n) for n in (1, 3, 5)] == ["1 страница", "3 страницы", "5 страниц"]
    assert LANGUAGES.by_tag["de"].octets(1_234_567) == "1,2 MB"
