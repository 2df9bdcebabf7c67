"""What the examiners of streamed languages have in common: octets come cut anywhere, and are taken as they go."""

from typing import ClassVar

from ippgate.model.facts import DocumentFacts


class StreamExaminer:
    """Keeps what is left over between two chunks, and leaps over what need not be looked at.

    A language says in `_read` how far it got and in `_facts` what it found. What `_read` leaves over must be bounded
    by the language: it is read again, from its beginning, when more has come.
    """

    document_format: ClassVar[str]

    def __init__(self) -> None:
        self._left_over = b""
        self._leap = 0  # octets to come that need not be looked at
        self._over = False
        self._unknown = ""  # why the pages cannot be known

    def feed(self, chunk: bytes) -> bool:
        """Take the next octets. False: nothing that follows can change the facts."""
        if self._over:
            return False
        if self._leap >= len(chunk):
            self._leap -= len(chunk)
            return True
        data = chunk[self._leap :] if self._leap else self._left_over + chunk if self._left_over else chunk
        self._leap = 0
        reached = self._read(data)
        self._leap = max(0, reached - len(data))
        self._left_over = data[reached:]
        return not self._over

    def close(self) -> DocumentFacts:
        """The document has ended: what was found."""
        return self._unknown_facts(self._unknown) if self._unknown else self._facts(cut=self._is_cut)

    @property
    def _is_cut(self) -> bool:
        """Whether the document ended within something whose end was announced."""
        return not self._over and (self._leap > 0 or bool(self._left_over))

    def _read(self, data: bytes) -> int:
        """Take as much as is whole; return where the rest begins, which may lie beyond the end of `data`."""
        raise NotImplementedError

    def _facts(self, *, cut: bool) -> DocumentFacts:
        """Return what was found in a document that was read to its end; `cut`: it ended too early."""
        raise NotImplementedError

    def _give_up(self, reason: str) -> None:
        """The pages can't be known, whatever follows."""
        self._unknown = reason
        self._over = True

    def _unknown_facts(self, reason: str) -> DocumentFacts:
        return DocumentFacts(document_format=self.document_format, unknown=reason)


def cut_short(pages: int) -> str:
    """The reason why the pages of a document that ended too early are unknown."""
    return f"cut short after page {pages}" if pages else "cut short before the end of its first page"
