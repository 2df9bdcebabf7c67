"""The facts of a document as they are stored and passed between processes: a versioned msgpack envelope."""

from typing import Any

import msgpack

from ippgate.model.facts import DocumentFacts, MediaUse

_VERSION = 1


def pack(facts: DocumentFacts) -> bytes:
    """The stored form."""
    fields = [
        facts.document_format,
        facts.pages,
        facts.color_pages,
        facts.copies,
        facts.sides,
        [[use.x, use.y, use.pages] for use in facts.media],
        list(facts.finishings),
        facts.producer,
        facts.title,
        facts.encrypted,
        facts.unknown,
    ]
    packed: bytes = msgpack.packb([_VERSION, fields])
    return packed


def unpack(stored: bytes) -> DocumentFacts:
    """The facts. Raises ValueError for what is no stored form, or of a version that this gate does not know."""
    try:
        version, fields = msgpack.unpackb(stored)
        if version != _VERSION:
            raise ValueError(f"document facts of version {version}; this gate reads version {_VERSION}")
        return _facts(*fields)
    except (TypeError, msgpack.UnpackException) as error:
        raise ValueError("these octets are no document facts") from error


def _facts(
    document_format: str | None,
    pages: int | None,
    color_pages: int | None,
    copies: int | None,
    sides: str | None,
    media: Any,
    finishings: Any,
    producer: str,
    title: str,
    encrypted: bool,
    unknown: str,
) -> DocumentFacts:
    return DocumentFacts(
        document_format,
        pages,
        color_pages,
        copies,
        sides,
        tuple(MediaUse(*use) for use in media),
        tuple(finishings),
        producer,
        title,
        encrypted,
        unknown,
    )
