"""PostScript by its structuring comments (Adobe, DSC 3.0), which nearly every driver writes.

PostScript is a program: what it prints is known for certain only by running it. So the comments are believed where
nothing contradicts them: each page begun by %%Page, as many as %%Pages says, and none shown besides.
"""

import re

from ippgate.document.dsc import PageSizes, Section, decimals, dsc_text, number
from ippgate.document.sniff import POSTSCRIPT
from ippgate.model.facts import DocumentFacts

UNSAID = "the PostScript does not say how many pages it has, and counting them would mean running it"
CONTRADICTION = "the PostScript contradicts its own structuring comments"
SEVERAL = "the PostScript goes on behind its end"

LONGEST_LINE = 4096
"""Octets of a line that are looked at. Conforming lines have 255 (DSC 3.0, section 3)."""
TEXT_LIMIT = 255
"""Characters kept of a title or a creator."""

_SLICE = 64 * 1024
_UEL = b"\x1b%-12345X"
_DUPLEX = re.compile(rb"/Duplex\s+(true|false)\b")
_TUMBLE = re.compile(rb"/Tumble\s+(true|false)\b")
_COPIES = re.compile(rb"/(?:NumCopies|#copies)\s+(\d{1,6})\b")
_PAGE_SIZE = re.compile(rb"/PageSize\s*\[([^\]]{1,64})\]")
_SHOWPAGE = re.compile(rb"(?<![/\w({%])showpage\b")
_WORDS = (b"showpage", b"/Duplex", b"/Tumble", b"/NumCopies", b"/#copies", b"/PageSize", b"%%EOF", b"\x1b", b"\x04")
_AT_ONCE = (b"setpagedevice", b" def", b" put")
_SIMPLEX = (b"None", b"False", b"Simplex", b"DuplexNone")


class PostScriptExaminer:
    """Reads line by line. Holds the beginning of one line, two texts, and a table of sizes."""

    def __init__(self) -> None:
        self._line = b""
        self._section = Section()
        self._sizes = PageSizes()
        self._creator = self._title = ""
        self._said: int | None = None  # by %%Pages
        self._begun = self._shown = 0
        self._begins = self._ended = self._several = self._black = False
        self._duplex: set[bool] = set()
        self._tumble: set[bool] = set()
        self._copies: set[int] = set()

    def feed(self, chunk: bytes) -> bool:
        """Take the next octets. False: something follows behind the end, so its pages will not be known."""
        for start in range(0, len(chunk), _SLICE):
            piece = self._line + chunk[start : start + _SLICE].replace(b"\r", b"\n")
            *lines, self._line = piece.split(b"\n")
            self._line = self._line[:LONGEST_LINE]
            self._read_all(lines, dull=not any(word in piece for word in _WORDS))
            if self._several:
                return False
        return True

    def close(self) -> DocumentFacts:
        """What the comments say, or why they are not believed."""
        if self._line:
            self._read(self._line)
            self._line = b""
        self._sizes.end()
        pages, unknown = self._pages()
        return DocumentFacts(
            POSTSCRIPT,
            pages=pages,
            color_pages=0 if self._black else None,
            copies=next(iter(self._copies)) if len(self._copies) == 1 else None,
            sides=self._sides(),
            media=self._sizes.media() if pages is not None else (),
            producer=self._creator,
            title=self._title,
            unknown=unknown,
        )

    def _pages(self) -> tuple[int | None, str]:
        if self._several:
            return None, SEVERAL
        if not self._begun and self._said is None:
            return None, UNSAID
        begun = self._begun or min(self._shown, 1)  # one page may do without the comment
        if self._section.embedded or self._shown > max(begun, 1) or self._said not in (None, begun):
            return None, CONTRADICTION
        return begun, ""

    def _sides(self) -> str | None:
        if len(self._duplex) != 1 or len(self._tumble) > 1:
            return None  # nothing is asked for, or now this and now that
        if False in self._duplex:
            return "one-sided"
        return "two-sided-short-edge" if True in self._tumble else "two-sided-long-edge"

    def _read_all(self, lines: list[bytes], *, dull: bool) -> None:
        """Read lines. dull: nothing but comments matters in them; most lines are data of fonts and images."""
        if dull and self._begins and not self._ended:
            lines = [line for line in lines if line.startswith(b"%%")]
        for line in lines:
            if line:
                self._read(line)

    def _read(self, line: bytes) -> None:
        if self._ended:
            self._behind_the_end(line)
        elif line.startswith(b"%%"):
            self._comment(line[:LONGEST_LINE])
        elif line.startswith((_UEL, b"\x04")) and self._begins:
            self._ended = True
            self._behind_the_end(line)
        else:
            self._begins = True
            if b"/" in line or b"showpage" in line:
                self._program(line[:LONGEST_LINE])

    def _comment(self, line: bytes) -> None:
        key, _, value = line.partition(b":")
        self._section.enter(key.rstrip())
        if self._section.embedded:
            return
        if key == b"%%Page":
            self._shown = 0 if not self._begun else self._shown  # what came before was defined, not done
            self._begun += 1
            self._sizes.begin()
        elif key == b"%%Pages":
            self._said = self._said if (said := number(value)) is None else said  # (atend) is no number
        elif key == b"%%Title":
            self._title = self._title or dsc_text(value, TEXT_LIMIT)
        elif key == b"%%Creator":
            self._creator = self._creator or dsc_text(value, TEXT_LIMIT)
        elif key == b"%%DocumentProcessColors":
            self._black = value.split() == [b"Black"]
        elif key == b"%%BeginFeature":
            self._feature(value.split())
        elif key.rstrip() == b"%%EOF":
            self._ended = True
        else:
            self._sizes.comment(key, value)

    def _feature(self, words: list[bytes]) -> None:
        if len(words) == 2 and words[0] == b"*Duplex":
            self._duplex.add(words[1] not in _SIMPLEX)
            if words[1] in (b"DuplexTumble", b"DuplexNoTumble"):
                self._tumble.add(words[1] == b"DuplexTumble")

    def _program(self, line: bytes) -> None:
        if self._section.embedded or self._section.definitions:
            return
        self._shown += len(_SHOWPAGE.findall(line))
        if not (self._section.setup or any(word in line for word in _AT_ONCE)):
            return  # a procedure that may be called one day
        self._duplex.update(found == b"true" for found in _DUPLEX.findall(line))
        self._tumble.update(found == b"true" for found in _TUMBLE.findall(line))
        self._copies.update(int(found) for found in _COPIES.findall(line)[:1])
        if (found := _PAGE_SIZE.search(line)) and (size := decimals(found[1], 2)):
            self._sizes.set((size[0], size[1]), page=self._section.page)

    def _behind_the_end(self, line: bytes) -> None:
        """PJL may follow, and blanks; anything else is another job."""
        rest = line.replace(_UEL, b"").strip(b"\x04\0 \t\f")
        if rest and not rest.upper().startswith(b"@PJL"):
            self._several = True
