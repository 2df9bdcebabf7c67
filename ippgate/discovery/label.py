"""Names as DNS-SD has them: one label of at most 63 octets of UTF-8 (RFC 6763 section 4.1.1), numbered when taken."""

import re
from collections.abc import Iterator
from typing import Final

from ippgate.model.text import cut, plain

MOST: Final = 63
"""Octets of a label."""

MAX_NUMBER: Final = 99
"""A name that so many others have is not looked for any further."""

DOT: Final = "\N{ONE DOT LEADER}"
"""Stands for a full stop, which would part one label into two where names are put together as text."""

_HOST: Final = "-ippgate"


def label(text: str) -> str:
    """A queue's name for people as a label; empty if nothing of it can be shown."""
    return cut(plain(text, 4 * MOST).replace(".", DOT), MOST).strip()


def numbered(base: str, number: int) -> str:
    """The name itself, then `base (2)`, `base (3)`: as printers do (RFC 6763 appendix D)."""
    if number < 2:
        return base
    suffix = f" ({number})"
    return cut(base, MOST - len(suffix)).rstrip() + suffix


def candidates(base: str, former: str = "") -> Iterator[str]:
    """What to try, in this order: the name that it had last, if it comes from this base; then one after the other."""
    names = [numbered(base, number) for number in range(1, MAX_NUMBER + 1)]
    if former in names:
        names.remove(former)
        names.insert(0, former)
    return iter(names)


def host_name(machine: str) -> str:
    """The name under which the gate's addresses are announced. It is the gate's own: the machine's name belongs to a
    responder of the system, which would take the same name with other addresses for a conflict.
    """
    short = re.sub(r"[^a-z0-9-]", "-", machine.lower().partition(".")[0]).strip("-")
    return f"{short[: MOST - len(_HOST)]}{_HOST}.local" if short else f"{_HOST.lstrip('-')}.local"
