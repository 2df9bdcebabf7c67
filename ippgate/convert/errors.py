"""How a conversion can fail. The text is a sentence for people; what the filters said is in `log`, for operators."""

LOG_LIMIT = 8192
"""Octets kept of what filters say: the last ones, where the reason usually is."""


class ConversionError(Exception):
    """No result. What was read of it before is not whole and must be thrown away."""

    def __init__(self, sentence: str, log: str = "") -> None:
        super().__init__(sentence)
        self.log = log


class ConversionUnavailable(ConversionError):
    """Nothing can be converted here: switched off, a program missing, or the system lets no filter be confined."""


class ConversionImpossible(ConversionError):
    """No filters lead from the one format to the other."""


class ConversionFailed(ConversionError):
    """A filter could not read the document, or failed at it."""


class ConversionTooCostly(ConversionError):
    """The document reached a bound: time, memory, files, processes, or the size of its result."""
