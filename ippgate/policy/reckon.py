"""Facts that are reckoned: what a client leaves unsaid, and what follows from the document and the wishes together."""

from collections.abc import Iterable
from functools import cache
from ipaddress import IPv6Address, ip_address

from ippgate.ipp import Attribute, Range
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import Finishings, PrintQuality
from ippgate.ipp.syntax import keywords_of
from ippgate.model.capabilities import finishing
from ippgate.model.capabilities.media import TOLERANCE, MediaSize
from ippgate.model.facts import DocumentFacts
from ippgate.policy.bound import MAX_ITEMS
from ippgate.policy.facts import Facts


def copies_asked(facts: Facts) -> int:
    return _number(facts, A.COPIES) or 1


def sides_asked(facts: Facts) -> str:
    return _text(facts, A.SIDES) or "one-sided"


def color_mode(facts: Facts) -> str:
    return _text(facts, A.PRINT_COLOR_MODE) or "auto"


def number_up(facts: Facts) -> int:
    return max(1, _number(facts, A.NUMBER_UP) or 1)


def account_id(facts: Facts) -> str:
    return _text(facts, A.JOB_ACCOUNT_ID) or ""


def quality(facts: Facts) -> str:
    asked = _number(facts, A.PRINT_QUALITY)
    return PrintQuality(asked).keyword if asked in set(PrintQuality) else PrintQuality.NORMAL.keyword


def media(facts: Facts) -> str:
    """The size's name, also where media-col says it by its dimensions."""
    asked = facts.job.wish(A.MEDIA_COL)
    return (size_asked(asked) if asked else None) or _text(facts, A.MEDIA) or ""


def finishings(facts: Facts) -> tuple[str, ...]:
    """In whichever way they are asked for."""
    asked, templates = facts.job.wish(A.FINISHINGS), facts.job.wish(A.FINISHINGS_COL)
    if templates is not None:
        return tuple(each for each in finishing.templates_in(templates.values) if each != finishing.NONE)[:MAX_ITEMS]
    return finishing_words(asked.integers()[:MAX_ITEMS] if asked else ())


def finishing_words(numbers: Iterable[int]) -> tuple[str, ...]:
    """Enums of `finishings` as keywords; none (3) is no finishing."""
    known = set(Finishings)
    words = (Finishings(number).keyword if number in known else str(number) for number in numbers if number != 3)
    return tuple(words)


def size_asked(media_col: Attribute) -> str | None:
    """The name of the size that a media-col asks for; None: it asks for none."""
    collection = media_col.first
    if (named := collection.member(A.MEDIA_SIZE_NAME)) and named.text():
        return named.text()
    size = collection.member(A.MEDIA_SIZE)
    sides = [size.first.member(name) for name in (A.X_DIMENSION, A.Y_DIMENSION)] if size else []
    x, y = (side.integer() if side else None for side in sides) if sides else (None, None)
    return size_name(x, y) if x and y else None


# ── the document ──


def impressions(facts: Facts) -> int | None:
    of_one_copy = _sides_of_one_copy(facts)
    return None if of_one_copy is None else of_one_copy * _copies(facts)


def sheets(facts: Facts) -> int | None:
    of_one_copy = _sides_of_one_copy(facts)
    if of_one_copy is None or facts.document is None:
        return None
    sides = _text(facts, A.SIDES) or facts.document.sides or "one-sided"
    return (-(-of_one_copy // 2) if sides.startswith("two-sided") else of_one_copy) * _copies(facts)


def mismatch(facts: Facts) -> bool | None:
    """Whether the client says another format than the octets; None: neither octets nor client say anything certain."""
    found = facts.document.document_format if facts.document else None
    if found is None:
        return None
    said = facts.job.document_format.lower()
    return said not in ("application/octet-stream", found.lower())


def own_media(document: DocumentFacts) -> tuple[str, ...] | None:
    if len(document.media) > MAX_ITEMS:
        return None
    return tuple(size_name(used.x, used.y) for used in document.media)


def own_finishings(document: DocumentFacts) -> tuple[str, ...]:
    return finishing_words(document.finishings)


def address(facts: Facts) -> str | None:
    """The client's address, an IPv4 address in its own form also where it came over IPv6; None: it is no address."""
    try:
        found = ip_address(facts.client.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def size_name(x: int, y: int) -> str:
    """The self-describing name of a size in hundredths of a millimetre, lying or standing (PWG 5101.1)."""
    short, long = sorted((x, y))
    for size in _sizes():
        if abs(size.x - short) <= TOLERANCE and abs(size.y - long) <= TOLERANCE:
            return size.name
    return f"custom_{short / 100:g}x{long / 100:g}mm_{short / 100:g}x{long / 100:g}mm"


# Sizes that share their dimensions with others, in the order in which people would name them.
_USUAL = ("iso_a", "na_", "iso_", "jis_")


@cache
def _sizes() -> tuple[MediaSize, ...]:
    found = []
    for name in keywords_of(A.MEDIA):
        try:
            size = MediaSize.of(name)
        except ValueError:
            continue
        if size.x <= size.y:
            found.append(size)
    return tuple(sorted(found, key=lambda size: (_rank(size.name), len(size.name), size.name)))


def _rank(name: str) -> int:
    return next((rank for rank, prefix in enumerate(_USUAL) if name.startswith(prefix)), len(_USUAL))


def _sides_of_one_copy(facts: Facts) -> int | None:
    found = facts.document.pages if facts.document else None
    if found is None:
        return None
    asked = facts.job.wish(A.PAGE_RANGES)
    ranges = [value.python for value in asked.values[:MAX_ITEMS]] if asked else []
    chosen = sum(max(0, min(each.high, found) - max(each.low, 1) + 1) for each in ranges if isinstance(each, Range))
    return -(-(min(chosen, found) if ranges else found) // number_up(facts))


def _copies(facts: Facts) -> int:
    return _number(facts, A.COPIES) or (facts.document.copies if facts.document else None) or 1


def _number(facts: Facts, name: str) -> int | None:
    asked = facts.job.wish(name)
    return asked.integer() if asked else None


def _text(facts: Facts, name: str) -> str | None:
    asked = facts.job.wish(name)
    return asked.text() if asked else None
