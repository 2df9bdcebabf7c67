"""Handing octets to an examiner, cut in any way."""

from collections.abc import Callable

from ippgate.document.examiner import Examiner
from ippgate.model.facts import DocumentFacts


def examined(make: Callable[[], Examiner], document: bytes, step: int | None = None) -> DocumentFacts:
    """What an examiner finds, given so many octets at a time; all of them at once by default."""
    examiner = make()
    step = step or max(1, len(document))
    for at in range(0, len(document), step):
        if not examiner.feed(document[at : at + step]):
            break
    return examiner.close()


def cut_everywhere(make: Callable[[], Examiner], document: bytes) -> list[DocumentFacts]:
    """What it finds in each beginning of a document that is not the whole."""
    return [examined(make, document[:end]) for end in range(len(document))]
