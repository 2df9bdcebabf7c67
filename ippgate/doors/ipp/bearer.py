"""Whose printer URI a request came by: one with a secret says who prints, whatever else the request says."""

from typing import NamedTuple

from ippgate.doors.ipp.services import PrivateUris
from ippgate.doors.ipp.uri import MARK, Target, target_of
from ippgate.ipp import Group
from ippgate.ipp.registry import attributes as A
from ippgate.model.private_uri import PrivateUri


class Bearer(NamedTuple):
    """Who came by a private URI."""

    uri: PrivateUri
    target: Target  # with its secret

    def __repr__(self) -> str:
        return f"Bearer({self.uri!r})"  # never the secret


async def bearer_of(operation: Group, uris: PrivateUris, source: str) -> Bearer | None:
    """None: no URI of the request has a secret. One that is wrong is refused, never passed over (SECURITY S2).

    Raises IppError for what is no URI of the gate, and what `uris` raises.
    """
    found = None
    for name in (A.PRINTER_URI, A.JOB_URI):
        said = operation.text(name)
        if said is None or MARK not in said:
            continue
        target = target_of(said)
        if target.secret and target.queue:
            found = Bearer(await uris.bearer(target.queue, target.secret, source), target)
    return found
