"""A job's password at rest: its algorithm and octets, sealed with the job's key, so that it is gone when that is.

The job's key seals documents under nonces of their own making; the password has a key of its own, derived from it, and
is bound to its job: what is copied to another job's row does not open there.
"""

import hashlib
import os
from typing import Final
from uuid import UUID

import msgpack
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ippgate.model.errors import DocumentDamaged
from ippgate.model.job_password import JobPassword
from ippgate.spool.keys import JobKey

_PURPOSE: Final = b"job-password"  # 16 octets at the most: BLAKE2's personalisation
_NONCE: Final = 12
_VERSION: Final = 1


def seal_password(key: JobKey, password: JobPassword) -> bytes:
    """The stored form of a password."""
    packed = msgpack.packb([_VERSION, password.encryption, password.octets])
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(key).encrypt(nonce, packed, _bound(key.wrapped.job))


def open_password(key: JobKey, sealed: bytes) -> JobPassword:
    """Raises DocumentDamaged when it was altered or is another job's."""
    try:
        packed = _cipher(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(key.wrapped.job))
        version, encryption, octets = msgpack.unpackb(packed)
    except (InvalidTag, ValueError) as error:
        raise DocumentDamaged("the job's password does not open with the job's key") from error
    if version != _VERSION:
        raise DocumentDamaged(f"a password of version {version}; this gate reads version {_VERSION}")
    return JobPassword(encryption, octets)


def _cipher(key: JobKey) -> AESGCM:
    return AESGCM(hashlib.blake2b(key=key.octets, digest_size=32, person=_PURPOSE).digest())


def _bound(job: UUID) -> bytes:
    return job.bytes
