"""dateTime: the eleven octets of SNMP's DateAndTime (RFC 8010 section 3.9, RFC 2579) ⇄ an aware datetime."""

import struct
from datetime import UTC, datetime, timedelta, timezone

from ippgate.ipp.error import BadValueError

# year, month, day, hour, minute, second, deciseconds, direction from UTC, hours and minutes from UTC
_LAYOUT = struct.Struct(">HBBBBBBcBB")
_SIGNS = {b"+": 1, b"-": -1}
_DECISECOND = 100_000  # microseconds


def read_date_time(raw: bytes) -> datetime:
    """An aware datetime in the sender's own zone; a leap second (:60) is the instant after it. Raises BadValueError."""
    try:
        year, month, day, hour, minute, second, deciseconds, sign, zone_hours, zone_minutes = _LAYOUT.unpack(raw)
        if deciseconds > 9 or zone_minutes > 59:
            raise ValueError("deciseconds are 0..9, minutes from UTC 0..59")
        zone = timezone(_SIGNS[sign] * timedelta(hours=zone_hours, minutes=zone_minutes))
        leap = timedelta(seconds=1) if second == 60 else timedelta()
        whole = second - 1 if second == 60 else second
        return datetime(year, month, day, hour, minute, whole, deciseconds * _DECISECOND, zone) + leap
    except (struct.error, ValueError, KeyError, OverflowError) as error:
        raise BadValueError(f"{raw.hex()} is not a dateTime: {error}") from error


def write_date_time(moment: datetime) -> bytes:
    """The octets, to a tenth of a second (the rest is cut). A zone of no whole number of minutes is written as UTC.

    Raises BadValueError for a datetime without a zone: the receiver could not know what it means.
    """
    offset = moment.utcoffset()
    if offset is None:
        raise BadValueError(f"a dateTime needs a time zone: {moment.isoformat()}")
    if offset % timedelta(minutes=1):
        moment, offset = moment.astimezone(UTC), timedelta()
    minutes = abs(offset) // timedelta(minutes=1)
    return _LAYOUT.pack(
        *(moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second),
        *(moment.microsecond // _DECISECOND, b"-" if offset < timedelta() else b"+", minutes // 60, minutes % 60),
    )
