"""Text that strangers wrote, made fit for a log line, a terminal, a page and an IPP name (SECURITY S9, S23, S28).

Whatever a client or a device says passes here once, where it enters; the rest of the gate may then show it as it is.
"""

_SLACK = 4
"""How much more than asked for is looked at: text of mostly invisible characters is not read to its end."""


def plain(text: str, limit: int) -> str:
    """Return the text in one line of at most `limit` characters, none of them control or bidirectional.

    Runs of line ends, tabs and blanks become one blank; a longer text ends with an ellipsis.
    """
    if len(text) <= limit and text.isprintable() and "  " not in text and text == text.strip():
        return text  # nearly always
    looked_at = text[: limit * _SLACK]
    kept = (" " if sign.isspace() else sign for sign in looked_at if sign.isspace() or sign.isprintable())
    line = " ".join("".join(kept).split())
    if len(line) <= limit and len(text) == len(looked_at):
        return line
    return line[: limit - 1].rstrip() + "…"


def cut(text: str, octets: int) -> str:
    """Return the longest beginning of the text that fits in so many octets of UTF-8; never half a character."""
    return text.encode("utf-8", "ignore")[:octets].decode("utf-8", "ignore")
