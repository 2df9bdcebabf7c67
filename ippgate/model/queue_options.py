"""What operators may ask of a queue beyond its name, mode and devices: few queues have any of it.

Kept as one JSON value in which what is as usual is left out, so that a new option needs no new column.
"""

import json
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from ippgate.model.hours import Told
from ippgate.model.job_password import Repertoire
from ippgate.model.release_action import DefaultAction


class Shown(StrEnum):
    """What clients are shown of a job that is held here."""

    PENDING_HELD = "pending-held"  # that it is
    COMPLETED = "completed"  # to those that would keep it in a queue of their own until it is printed: that it is done


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """Every option with what is usual."""

    hours: Told = ()
    """What day-time, evening, weekend … stand for here, where that is not as usual (model.hours): names and hours."""

    lenient: bool = False
    """Send-Document without last-document is taken for one after which more follow. RFC 8011 section 4.3.1 wants it
    refused, which is usual; old clients leave it out."""
    known_only: bool = False
    """Jobs are taken of those alone who came by a private URI, or proved who they are."""
    hidden: bool = False
    """It is not announced to the network."""

    release_action: DefaultAction = DefaultAction.NONE
    """Of jobs that say nothing about it."""

    password_repertoire: Repertoire = Repertoire.DIGITS
    """Of what jobs' passwords are made."""

    shown: Shown = Shown.PENDING_HELD

    retention: int | None = None
    """Seconds that its held jobs may wait (model.expiry); 0: for ever. None: as is usual."""

    def __post_init__(self) -> None:
        """What was stored are keywords."""
        object.__setattr__(self, "release_action", DefaultAction(self.release_action))
        object.__setattr__(self, "password_repertoire", Repertoire(self.password_repertoire))
        object.__setattr__(self, "shown", Shown(self.shown))


USUAL = QueueOptions()


def pack(options: QueueOptions) -> str:
    """The stored form."""
    told = {each.name: getattr(options, each.name) for each in fields(options)}
    return json.dumps({name: value for name, value in told.items() if value != getattr(USUAL, name)})


def unpack(stored: str) -> QueueOptions:
    """The options of a stored form; those of a later gate that this one does not know are passed over."""
    told: dict[str, Any] = json.loads(stored)
    known = {each.name for each in fields(QueueOptions)}
    return QueueOptions(**{name: _frozen(value) for name, value in told.items() if name in known})


def _frozen(value: Any) -> Any:
    """JSON knows lists alone."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
