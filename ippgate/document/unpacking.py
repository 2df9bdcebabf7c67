"""The packings of raster rows in PCL 5 and PCL XL, undone to see whether pixels are grey. Any octets are allowed.

PCL 5 Technical Reference, chapter 15 (raster compression); PCL XL Feature Reference, ReadImage. Rows that are longer
than their raster are cut to it, as devices do.
"""

from collections.abc import Callable, Iterator

UNPACKED, RUNS, PACK_BITS, DELTA_ROW, ADAPTIVE, REPLACED_DELTA = 0, 1, 2, 3, 5, 9
"""Modes of compression of PCL 5; PCL XL packs as PACK_BITS and DELTA_ROW do."""

MAX_ROW = 256 * 1024
"""Octets of a row that is unpacked: 2 m in RGB at 1,200 dots per inch."""


def unpack_runs(payload: bytes) -> bytes:
    """Mode 1: pairs of a count, less one, and an octet."""
    pairs = zip(payload[0::2], payload[1::2], strict=False)
    return b"".join([bytes((octet,)) * (count + 1) for count, octet in pairs])


def unpack_bits(packed: bytes) -> tuple[bytes, int]:
    """Mode 2 (TIFF PackBits): return what is whole, and where the rest begins."""
    pieces, at, end = [], 0, len(packed)
    while at < end:
        code = packed[at]
        if code < 128:
            stop = at + code + 2
            if stop > end:
                break
            pieces.append(packed[at + 1 : stop])
        elif code == 128:
            stop = at + 1
        else:
            stop = at + 2
            if stop > end:
                break
            pieces.append(packed[at + 1 : stop] * (257 - code))
        at = stop
    return b"".join(pieces), at


def replace_delta(row: bytearray, payload: bytes) -> None:
    """Mode 3: change the row before into this one. Each command skips up to 31 octets and more, and replaces 1 to 8."""
    at, place, end = 0, 0, len(payload)
    while at < end:
        command = payload[at]
        at += 1
        place += command & 31
        if command & 31 == 31:
            more, at = _more(payload, at)
            place += more
        count = (command >> 5) + 1
        _put(row, place, payload[at : at + count])
        place += count
        at += count


def replace_packed_delta(row: bytearray, payload: bytes) -> None:
    """Mode 9: the same with runs among the replacements."""
    at, place, end = 0, 0, len(payload)
    while at < end:
        command = payload[at]
        at += 1
        repeated = command & 0x80
        offset, most = (command >> 5 & 3, 3) if repeated else (command >> 3 & 15, 15)
        count, full = (command & 31, 31) if repeated else (command & 7, 7)
        if offset == most:
            more, at = _more(payload, at)
            offset += more
        if count == full:
            more, at = _more(payload, at)
            count += more
        place += offset
        count += 2 if repeated else 1
        taken = 1 if repeated else count
        if place < len(row):
            octets = payload[at : at + taken]
            _put(row, place, octets * min(count, len(row)) if repeated else octets)
        place += count
        at += taken


def adaptive_rows(row: bytearray, payload: bytes) -> Iterator[None]:
    """Mode 5: blocks, each a command, a count of two octets and, for rows, the row. The row changes at each step."""
    at = 0
    while at + 3 <= len(payload):
        command, count = payload[at], payload[at + 1] << 8 | payload[at + 2]
        at += 3
        if command <= DELTA_ROW:
            unpack_row(row, command, payload[at : at + count])
            at += count
        elif command == 4:
            row[:] = bytes(len(row))
        elif command > 5:  # 5: the same row again
            return
        yield


def unpack_row(row: bytearray, mode: int, payload: bytes) -> bool:
    """Change the row before into this one. False: the mode is none of rows."""
    if mode == DELTA_ROW:
        replace_delta(row, payload)
    elif mode == REPLACED_DELTA:
        replace_packed_delta(row, payload)
    elif mode in _WHOLE:
        octets = _WHOLE[mode](payload)[: len(row)]
        row[:] = octets + bytes(len(row) - len(octets))
    else:
        return False
    return True


_WHOLE: dict[int, Callable[[bytes], bytes]] = {
    UNPACKED: lambda payload: payload,
    RUNS: unpack_runs,
    PACK_BITS: lambda payload: unpack_bits(payload)[0],
}


def _more(payload: bytes, at: int) -> tuple[int, int]:
    """A number goes on in further octets until one is not 255."""
    total = 0
    while at < len(payload):
        total += payload[at]
        at += 1
        if payload[at - 1] != 255:
            break
    return total, at


def _put(row: bytearray, place: int, octets: bytes) -> None:
    stop = min(place + len(octets), len(row))
    if place < stop:
        row[place:stop] = octets[: stop - place]
