"""A document that is elsewhere reads like a file, and no more than a few stretches of it are ever here."""

import io
import random

from ippgate.examine.message import STRETCH
from ippgate.examine.remote import KEPT, RemoteFile

WHOLE = random.Random(7).randbytes(12 * STRETCH + 12_345)


class Source:
    """Remembers what was asked for."""

    def __init__(self, octets: bytes = WHOLE) -> None:
        self.octets, self.asked = octets, list[int]()

    def read_at(self, offset: int, length: int) -> bytes:
        assert offset % STRETCH == 0
        assert 0 < length <= STRETCH
        self.asked.append(offset)
        return self.octets[offset : offset + length]


def test_any_place_reads_as_in_a_file() -> None:
    source, chance = Source(), random.Random(3)
    remote, local = RemoteFile(len(WHOLE), source.read_at), io.BytesIO(WHOLE)
    for _ in range(300):
        place = chance.choice((chance.randrange(len(WHOLE) + 99), STRETCH * chance.randrange(13) - chance.randrange(9)))
        length = chance.choice((0, 1, 512, 70_000, STRETCH + 5))
        assert remote.seek(max(place, 0)) == local.seek(max(place, 0))
        assert remote.read(length) == local.read(length)
        assert remote.tell() == local.tell()


def test_the_end_is_where_it_is() -> None:
    remote = RemoteFile(len(WHOLE), Source().read_at)
    assert remote.seek(0, io.SEEK_END) == len(WHOLE)
    assert remote.seek(-5, io.SEEK_CUR) == len(WHOLE) - 5
    assert remote.read(99) == WHOLE[-5:]
    assert remote.read(99) == b""
    assert remote.readable()
    assert remote.seekable()


def test_what_stands_before_the_document_is_none_of_it() -> None:
    remote = RemoteFile(len(WHOLE), Source().read_at, start=100)
    assert remote.read(10) == WHOLE[100:110]
    assert remote.seek(0, io.SEEK_END) == len(WHOLE) - 100
    assert remote.seek(-10_000_000_000, io.SEEK_CUR) == 0
    assert remote.read(10) == WHOLE[100:110]


def test_stretches_are_kept_but_not_all_of_them() -> None:
    source = Source()
    remote = RemoteFile(len(WHOLE), source.read_at)
    for _ in range(3):
        for place in (0, 5, 3 * STRETCH, 9):
            remote.seek(place)
            remote.read(100)
    assert source.asked == [0, 3 * STRETCH]
    remote.seek(0)
    remote.read()
    assert len(remote._kept) == KEPT


def test_a_document_that_is_shorter_than_it_was_said_to_be_ends_early() -> None:
    remote = RemoteFile(len(WHOLE), Source(WHOLE[: STRETCH + 5]).read_at)
    remote.seek(STRETCH)
    assert remote.read(100) == WHOLE[STRETCH : STRETCH + 5]
