"""A frame: up to 1 MiB of a document, compressed where it helps, then sealed with AES-256-GCM.

    magic 4 | salt 8 | index 4 | flags 1 | reserved 3 | plain length 4 | sealed length 4 | sealed octets | zeros

The nonce is salt + index: the salt is drawn once for each writing of a document, and the key belongs to one job, so no
nonce is used twice. The header and the document's number are authenticated, the last frame is marked: a frame that is
damaged, moved, missing or of another document does not open (the STREAM construction of Hoang, Reyhanitabar, Rogaway
and Vizár). Frames begin at 2 KiB edges, the page of a PostgreSQL large object, so several may be written at once.
"""

import os
import struct
from dataclasses import dataclass

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ippgate.model.errors import DocumentDamaged

FRAME = 1024 * 1024
"""Plain octets in a frame, all but the last: smaller and larger pieces are both slower through `lo_put`."""

PAGE = 2048
"""Octets: the page of a PostgreSQL large object."""

_HEADER = struct.Struct(">4s8sIB3xII")
_MAGIC = b"IPG1"
_COMPRESSED, _LAST = 1, 2
_TAG = 16
_LEVEL = 1  # print data other than PDF shrinks well already here, at 300–3000 MB/s
_WORTH = 0.95  # compressed only if it saves a twentieth: opening costs time too

HEADER_OCTETS = _HEADER.size

LARGEST = -(-(_HEADER.size + FRAME + _TAG) // PAGE) * PAGE
"""Octets of the largest sealed frame with its padding."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a frame before it is opened. Lengths in octets."""

    salt: bytes
    index: int
    compressed: bool
    last: bool
    plain_length: int
    sealed_length: int

    @property
    def needed_length(self) -> int:
        """With its header: what must be at hand to open it."""
        return _HEADER.size + self.sealed_length

    @property
    def stored_length(self) -> int:
        """With header and padding: where the next frame begins."""
        return -(-self.needed_length // PAGE) * PAGE


def read_header(stored: bytes | memoryview) -> Header | None:
    """The header at the beginning of `stored`; None where there is not (yet) one. Raises DocumentDamaged."""
    if len(stored) < _HEADER.size:
        return None
    magic, salt, index, flags, plain_length, sealed_length = _HEADER.unpack_from(stored)
    if magic == b"\0\0\0\0":
        return None  # a hole: the frame before which others were written
    if magic != _MAGIC or plain_length > FRAME or not _TAG <= sealed_length <= FRAME + _TAG:
        raise DocumentDamaged("the stored document has a frame that is none")
    return Header(salt, index, bool(flags & _COMPRESSED), bool(flags & _LAST), plain_length, sealed_length)


class Sealer:
    """Seals the frames of one document in order. key: 32 octets; number: the document's number in its job."""

    def __init__(self, key: bytes, number: int) -> None:
        self._cipher = AESGCM(key)
        self._number = number
        self._salt = os.urandom(8)
        self._index = 0

    def seal(self, plain: bytes | bytearray | memoryview, *, last: bool, pad: bool = True) -> bytes:
        """The next frame as stored. `pad` off only for a document of a single frame."""
        body = bytes(plain)
        shrunk = zstandard.ZstdCompressor(level=_LEVEL).compress(body) if body else b""
        compressed = bool(body) and len(shrunk) < len(body) * _WORTH
        inner = shrunk if compressed else body
        flags = _COMPRESSED * compressed | _LAST * last
        header = _HEADER.pack(_MAGIC, self._salt, self._index, flags, len(body), len(inner) + _TAG)
        sealed = self._cipher.encrypt(_nonce(self._salt, self._index), inner, _bound(header, self._number))
        self._index += 1
        stored = len(header) + len(sealed)
        padding = -stored % PAGE if pad else 0
        return b"".join((header, sealed, bytes(padding)))


class Opener:
    """Opens the frames of one document: in order, and then knows when it has ended; or any of them by its index."""

    def __init__(self, key: bytes, number: int) -> None:
        self._cipher = AESGCM(key)
        self._number = number
        self._salt: bytes | None = None
        self._index = 0
        self.ended = False

    def open(self, stored: bytes | memoryview, header: Header) -> bytes:
        """The plain octets of the frame at the beginning of `stored`. Raises DocumentDamaged."""
        if self.ended:
            raise _misplaced(header, self._index)
        plain = self.open_at(self._index, stored, header)
        self._index, self.ended = self._index + 1, header.last
        return plain

    def open_at(self, index: int, stored: bytes | memoryview, header: Header) -> bytes:
        """The plain octets of the frame at the beginning of `stored`, which must be this one of the document; in any
        order. Raises DocumentDamaged.
        """
        if header.index != index or (self._salt or header.salt) != header.salt:
            raise _misplaced(header, index)
        begin = _HEADER.size
        sealed = bytes(stored[begin : begin + header.sealed_length])
        bound = _bound(bytes(stored[:begin]), self._number)
        try:
            inner = self._cipher.decrypt(_nonce(header.salt, header.index), sealed, bound)
            plain = _expand(inner, header) if header.compressed else inner
        except (InvalidTag, zstandard.ZstdError) as error:
            raise DocumentDamaged(f"frame {header.index} of the stored document is damaged") from error
        self._salt = header.salt
        return plain


def _misplaced(header: Header, index: int) -> DocumentDamaged:
    return DocumentDamaged(f"the stored document has frame {header.index} where frame {index} belongs")


def _expand(inner: bytes, header: Header) -> bytes:
    plain = zstandard.ZstdDecompressor().decompress(inner, max_output_size=header.plain_length)
    if len(plain) != header.plain_length:
        raise zstandard.ZstdError("another length than the header says")
    return plain


def _nonce(salt: bytes, index: int) -> bytes:
    return salt + index.to_bytes(4, "big")


def _bound(header: bytes, number: int) -> bytes:
    return header + number.to_bytes(2, "big")
