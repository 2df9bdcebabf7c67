"""Who people are by certificates that an authority of the operator's has issued to them, one for each person.

The authority's own certificate (and those of intermediate ones) is what the handshake trusts; that a certificate was
issued by one of these, and not merely taken because somebody has registered it, is looked at again here.
"""

import asyncio
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from ippgate.model.text import cut, plain
from ippgate.observe import Event, note

MAX_NAME: Final = 255
"""Octets of a name (RFC 8011 section 5.1.3)."""

_UPN: Final = x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3")
"""userPrincipalName, as Microsoft's directories write it into subjectAltName: a UTF8String."""

_UTF8_STRING: Final = 0x0C


class NamedBy(StrEnum):
    """Where in a certificate the name stands that jobs are filed under."""

    COMMON_NAME = "common-name"
    EMAIL = "email"
    PRINCIPAL = "principal"  # userPrincipalName


class People:
    """Knows people by what they show. file: the authorities, in PEM; read again whenever it is looked at."""

    def __init__(self, file: Path, part: NamedBy) -> None:
        self._file, self._part = file, part
        self._authorities: list[x509.Certificate] = []
        self._said = ""

    async def certificates(self) -> list[bytes]:
        """What handshakes trust, in DER. A file that cannot be read changes nothing, and is spoken of once."""
        try:
            octets = await asyncio.to_thread(self._file.read_bytes)
            self._authorities = x509.load_pem_x509_certificates(octets)
            self._said = ""
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "it holds no PEM certificates"
            self._say(f"{self._file}: {why}")
        return [authority.public_bytes(Encoding.DER) for authority in self._authorities]

    def name(self, shown: bytes) -> str:
        """Whose certificate this is, in DER, of which the client has proven to have the key; empty: nobody's."""
        try:
            certificate = x509.load_der_x509_certificate(shown)
            issued = any(_issued(certificate, authority) for authority in self._authorities)
            if not issued or certificate in self._authorities:
                return ""
            names = list(_names(certificate, self._part))
        except (ValueError, x509.DuplicateExtension):
            return ""
        return cut(plain(names[0], MAX_NAME), MAX_NAME) if len(names) == 1 else ""

    def _say(self, sentence: str) -> None:
        if sentence != self._said:
            self._said = sentence
            note(Event.CERTIFICATE_UNUSABLE, reason=sentence)


def _issued(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _names(certificate: x509.Certificate, part: NamedBy) -> Iterable[str]:
    if part is NamedBy.COMMON_NAME:
        return [str(name.value) for name in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    try:
        others = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    if part is NamedBy.EMAIL:
        return others.get_values_for_type(x509.RFC822Name)
    found = [other.value for other in others.get_values_for_type(x509.OtherName) if other.type_id == _UPN]
    return [_text(value) for value in found]


def _text(value: bytes) -> str:
    """A UTF8String in DER with a length of one octet or two; raises ValueError for all else."""
    if len(value) < 2 or value[0] != _UTF8_STRING:
        raise ValueError("it is no UTF8String")
    start = 2 if value[1] < 0x80 else 3
    length = value[1] if start == 2 else value[2] if value[1] == 0x81 and len(value) > 2 else -1
    if length != len(value) - start:
        raise ValueError("its length is another one")
    return value[start:].decode()
