"""Keys: one for each job, wrapped by a master key that never leaves `$IPPGATE_HOME/keys`.

With its wrapped key gone from the database a job's documents can never be read again, whatever copies of them exist.
The wrapping binds a key to its job (associated data): whoever can write to the database cannot pass one job's document
off as another's.
Masters are files `master-NNNN.key` (0600), the highest number wraps; rotation adds one and wraps every job's key anew.
"""

import hashlib
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ippgate.model.errors import DocumentDamaged
from ippgate.spool.key_file import read_key, write_new
from ippgate.store.sealed import WrappedKey

_FILE = re.compile(r"^master-(\d{4})\.key$")
_MARK = b"ippgate master key"
_NONCE = 12


@dataclass(frozen=True, slots=True)
class JobKey:
    """A job's key in the open, with the form in which it is stored."""

    octets: bytes
    wrapped: WrappedKey

    def __repr__(self) -> str:
        return "JobKey(…)"  # never in a log


class KeyRing:
    """The master keys of a folder; the first is made where there is none. Raises KeyFileUnusable."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        self._masters: dict[int, AESGCM] = {}
        self._marks: dict[int, str] = {}
        self._seen = 0
        self.reload()
        if not self._masters:
            self._make(1)
            self.reload()  # another process may have been first: then it is that one's key

    @property
    def current(self) -> int:
        """The number of the master key that wraps new jobs' keys."""
        return max(self._masters)

    @property
    def known(self) -> tuple[int, ...]:
        """The numbers of all master keys that are there."""
        return tuple(sorted(self._masters))

    @property
    def marks(self) -> dict[int, str]:
        """Of each master key a mark that tells it from others and says nothing of it."""
        return dict(self._marks)

    def new_key(self, job: UUID) -> JobKey:
        """A fresh key for a job, wrapped by the newest master key: a rotation elsewhere is noticed here."""
        if self._folder.stat().st_mtime_ns != self._seen:
            self.reload()
        octets = AESGCM.generate_key(bit_length=256)
        return JobKey(octets, self._wrap(octets, job, self.current))

    def unwrap(self, wrapped: WrappedKey) -> JobKey:
        """Raises DocumentDamaged when the master key is not here, or the wrapping was altered or is another job's, and
        KeyFileUnusable.
        """
        if wrapped.key_id not in self._masters:
            self.reload()
        master = self._masters.get(wrapped.key_id)
        if master is None:
            raise DocumentDamaged(f"master key {wrapped.key_id} is missing: restore {self._file(wrapped.key_id)}")
        try:
            octets = master.decrypt(wrapped.octets[:_NONCE], wrapped.octets[_NONCE:], wrapped.job.bytes)
        except (InvalidTag, ValueError) as error:
            raise DocumentDamaged("the job's key does not open with its master key") from error
        return JobKey(octets, wrapped)

    def rewrap(self, wrapped: WrappedKey, number: int) -> WrappedKey:
        """The same key, wrapped by the master key of this number. Raises as `unwrap` does."""
        return self._wrap(self.unwrap(wrapped).octets, wrapped.job, number)

    def add_master(self) -> int:
        """Make a new master key, durable before it is used; its number."""
        number = self.current + 1
        while not self._make(number):  # somebody else rotates at this moment
            number += 1
        self.reload()
        return number

    def superseded_for(self, number: int) -> float:
        """For how many seconds there has been a newer master key than this one."""
        newer = min(known for known in self._masters if known > number)
        return time.time() - self._file(newer).stat().st_mtime

    def drop_master(self, number: int) -> None:
        """Forget a master key that wraps nothing any more."""
        if number == self.current:
            raise ValueError("the current master key stays")
        self._file(number).unlink(missing_ok=True)
        self._masters.pop(number, None)

    def _make(self, number: int) -> bool:
        return write_new(self._file(number), AESGCM.generate_key(bit_length=256))

    def _file(self, number: int) -> Path:
        return self._folder / f"master-{number:04d}.key"

    def reload(self) -> None:
        """Read the folder again: another process may have rotated. Raises KeyFileUnusable."""
        found, marks = {}, {}
        self._seen = self._folder.stat().st_mtime_ns  # before it is read: what changes meanwhile is read next time
        for file in self._folder.iterdir():
            if match := _FILE.match(file.name):
                octets = read_key(file)
                found[int(match[1])] = AESGCM(octets)
                marks[int(match[1])] = hashlib.sha256(_MARK + octets).hexdigest()[:16]
        if found:
            self._masters, self._marks = found, marks

    def _wrap(self, octets: bytes, job: UUID, number: int) -> WrappedKey:
        nonce = os.urandom(_NONCE)
        return WrappedKey(nonce + self._masters[number].encrypt(nonce, octets, job.bytes), number, job)
