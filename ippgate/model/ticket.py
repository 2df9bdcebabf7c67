"""The job ticket as it is stored: the template attributes a client asked for, lossless, in a versioned msgpack
envelope.
"""

from functools import lru_cache

import msgpack

from ippgate.ipp import Attribute, Group, Message, Tag, decode, encode

_VERSION = 1
_CACHED_TICKETS = 1024  # most jobs ask for the same few things


def pack(template: tuple[Attribute, ...]) -> bytes:
    """The ticket's stored form."""
    message = Message((2, 0), 0, 1, [Group(Tag.JOB, list(template))])
    packed: bytes = msgpack.packb([_VERSION, encode(message)])
    return packed


@lru_cache(_CACHED_TICKETS)
def unpack(stored: bytes) -> tuple[Attribute, ...]:
    """The template attributes of a stored ticket; raises ValueError for a version that this gate does not know."""
    version, encoded = msgpack.unpackb(stored)
    if version != _VERSION:
        raise ValueError(f"a job ticket of version {version}; this gate reads version {_VERSION}")
    message, _ = decode(encoded)
    return tuple(message.groups[0].attributes) if message.groups else ()
