"""What texts of the configuration have to look like: for each form the remedy when a text does not, else None."""

import re
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EMBEDDED = "embedded"

_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}|[0-9A-Fa-f:]{2,45}(%[A-Za-z0-9]{1,15})?")
_INTERFACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,14}|[0-9A-Fa-f:.]{2,45}")

_CONTACT = re.compile(r"[a-z][a-z0-9+.-]{0,30}:[!-~]+")
_LONGEST_URI = 1023  # octets (RFC 8011 section 5.1.6)


_NAMES = re.compile(r"[a-z][a-z0-9-]{0,254}( *, *[a-z][a-z0-9-]{0,254})*")


def host(text: str) -> str | None:
    return None if _HOST.fullmatch(text) else "write a host name or an address, such as 127.0.0.1, 0.0.0.0 or ::"


def host_or_none(text: str) -> str | None:
    return None if not text else host(text)


def public_name(text: str) -> str | None:
    remedy = "write the host name that clients use, such as print.example.org"
    return None if not text or _HOST.fullmatch(text) else remedy


def contact(text: str) -> str | None:
    remedy = "write a URI, such as mailto:print@example.org or tel:+41-44-000-00-00"
    return None if not text or (_CONTACT.fullmatch(text) and len(text) <= _LONGEST_URI) else remedy


def file(text: str) -> str | None:
    remedy = "write an absolute path, such as /etc/ippgate/gate.pem"
    return None if not text or Path(text).is_absolute() else remedy


def interfaces(text: str) -> str | None:
    words = [word.strip() for word in text.split(",")]
    remedy = "write names or addresses with commas between them, such as eth0, 10.20.0.5"
    return None if not text or all(map(_INTERFACE.fullmatch, words)) else remedy


def program(text: str) -> str | None:
    return None if Path(text).is_absolute() else "write an absolute path, such as /usr/sbin/cupsfilter"


def folder(text: str) -> str | None:
    return None if Path(text).is_absolute() else "write an absolute path, such as /dev/shm"


def dsn(text: str) -> str | None:
    remedy = f'write "{EMBEDDED}" or a DSN such as postgresql://ippgate@db.example.org/ippgate'
    if text == EMBEDDED:
        return None
    try:
        return None if urlsplit(text).scheme in {"postgresql", "postgres"} else remedy
    except ValueError:
        return remedy


def rules_path(text: str) -> str | None:
    absolute = not text or text.startswith(("/", "~/"))
    return None if absolute else "write an absolute path, such as /etc/ippgate/rules.toml"


def time_zone(text: str) -> str | None:
    try:
        if text:
            ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "write a zone such as Europe/Zurich, or leave it empty; the machine needs its time zones (tzdata)"
    return None


def names(text: str) -> str | None:
    remedy = "write names of attributes with commas between them, such as job-name, document-name-supplied"
    return None if _NAMES.fullmatch(text) else remedy
