"""Text of PCL 5 and the sequences that drivers write between its words, passed many at a time.

Fonts, underlines and moves along a line change nothing that is told; of moves to a place only the last one counts. What
is not here is read command by command, with the same result.
"""

import re

_NUMBER = rb"[+-]?[0-9.]{0,9}"
_PLACE = rb"[0-9]{1,9}"

_SEQUENCE = (
    rb"\x1b(?:"
    rb"[()]s(?:%(n)b[bhpstv])*+%(n)b[BHPSTV]"  # fonts
    rb"|[()][0-9]{0,9}[@A-VX-Z]"
    rb"|&a(?:%(n)b[chlmp])*+(?:%(n)b[CHLMP]|%(p)bV)"  # moves along the line, or down to a place
    rb"|\*p(?:%(n)bX|(?:%(p)bx)?%(p)bY)"
    rb"|\*c(?:%(n)b[abdeghv])*+%(n)b[ABDEGHV]"  # rectangles announced
    rb"|&d[0-9]{0,9}[D@]"  # underlines
    rb")" % {b"n": _NUMBER, b"p": _PLACE}
)

# No capturing groups: within possessive repeats they make Python 3.11 raise SystemError (CPython issue 101955).
PASSED = re.compile(rb"(?:[ -\xff]++|%b)++" % _SEQUENCE)
HAS_CHARACTERS = re.compile(rb"(?: ++|%b)*+[!-\xff]" % _SEQUENCE)
"""Matches what was passed if anything of it is printed."""

_LAST_PLACE = re.compile(rb".*\x1b(?:\*p(?:%(p)bx)?(%(p)b)Y|&a[^A-Z\x1b]*?(%(p)b)V)" % {b"p": _PLACE}, re.DOTALL)


def last_place(passed: bytes) -> tuple[int, bool] | None:
    """Return where the last move down in what was passed leads, and whether in decipoints; None: there was none."""
    found = _LAST_PLACE.match(passed)
    if not found:
        return None
    return (int(found[1]), False) if found[1] else (int(found[2]), True)
