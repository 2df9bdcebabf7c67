"""Plain text: its pages, where every device would come to the same number.

How many lines a page takes is the device's: 60 on Letter as PCL 5 starts (half an inch of margin, 6 lines an inch), 64
to 70 on A4, 66 where there are no margins. What fits by the narrowest of them, 60 lines of 80 columns between two form
feeds, is one page everywhere; longer text is not guessed at.
"""

from ippgate.document.sniff import TEXT
from ippgate.model.facts import DocumentFacts

LINES = 60
COLUMNS = 80
UNKNOWN = "how many pages plain text takes depends on the device's font and margins"

_TAB = 8
_SLICE = 64 * 1024
_MARKS = b"\n\r\t\b\f"


class TextExaminer:
    """Counts lines between form feeds. Holds a line of at most COLUMNS characters."""

    def __init__(self) -> None:
        self._pages = 0
        self._line = b""
        self._lines = 0  # whole ones on the present page
        self._marked = False  # something stands on the present page
        self._certain = True

    def feed(self, chunk: bytes) -> bool:
        """Take the next octets. False: it will not be known any more."""
        for start in range(0, len(chunk), _SLICE):
            if self._certain:
                self._take(chunk[start : start + _SLICE])
        return self._certain

    def close(self) -> DocumentFacts:
        """Black on white; pages where they are certain."""
        self._end_line()
        if not self._certain:
            return DocumentFacts(TEXT, color_pages=0, unknown=UNKNOWN)
        return DocumentFacts(TEXT, pages=self._pages + self._marked, color_pages=0)

    def _take(self, octets: bytes) -> None:
        *before, last = (self._line + octets).split(b"\f")
        for page in before:
            self._page(page)
            self._end_line()
            self._pages += 1  # a form feed puts out the page, also an empty one
            self._lines, self._marked = 0, False
            if not self._certain:
                return
        self._page(last)

    def _page(self, text: bytes) -> None:
        *whole, self._line = text.split(b"\n")
        for line in whole:
            self._line, rest = line, self._line
            self._end_line()
            self._line = rest
            self._lines += 1
            if not self._certain:
                return
        if len(self._line) > COLUMNS * 4:  # even if every character took four octets
            self._certain = False
            self._line = b""

    def _end_line(self) -> None:
        """The line is whole: it must fit, and what is printed on it must stand on a line that the page has."""
        line, self._line = self._line, b""
        if not (printed := line.strip(b" " + _MARKS)):
            return
        self._marked = True
        width = len(printed.decode("utf-8", "replace")) + len(line) - len(line.lstrip()) + line.count(b"\t") * _TAB
        if self._lines >= LINES or width > COLUMNS:
            self._certain = False
