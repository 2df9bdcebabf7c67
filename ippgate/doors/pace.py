"""How fast a client must be, decided in a plain function: what a connection looks like now → what is wrong with it.

Nothing is timed per octet. A connection only counts what arrives; now and then it is looked at, and the difference to
the last look says whether the client moves. Time in which the gate is the slow one (reading is paused, or the whole
request is here) is never charged to the client (SECURITY S15).
"""

from dataclasses import dataclass
from enum import Enum

from ippgate.doors.settings import DoorSettings


class Phase(Enum):
    """What a connection waits for."""

    IDLE = "idle"  # the client, between requests
    HEAD = "head"  # the rest of a request's head; of the first request, all of it
    BODY = "body"  # the rest of a request's body
    GATE = "gate"  # us


class Slow(Enum):
    """What is wrong with a client."""

    HEAD = "the head of the request did not arrive in time"
    SILENT = "nothing of the document arrived for too long"
    CRAWLS = "the document arrives too slowly"
    DEAF = "the answer is not taken"
    IDLE = "nothing was asked for too long"


@dataclass(frozen=True, slots=True)
class Look:
    """A connection at one moment."""

    phase: Phase
    request: int  # how many there have been: a second idle time is not the first one prolonged
    received: int  # octets since the connection began
    unsent: int  # octets of answers that the client has not taken


class Pace:
    """One connection's client, over time."""

    __slots__ = ("_body_octets", "_body_time", "_deaf", "_last", "_looked", "_settings", "_silent", "_since")

    def __init__(self, settings: DoorSettings, now: float) -> None:
        self._settings = settings
        self._last = Look(Phase.HEAD, 0, 0, 0)
        self._looked = now
        self._since = now  # when this phase was first seen
        self._silent = self._body_time = self._deaf = 0.0  # seconds
        self._body_octets = 0

    def judge(self, look: Look, now: float) -> Slow | None:
        """What is wrong at this moment, if anything."""
        last, passed = self._last, now - self._looked
        self._last, self._looked = look, now
        self._deaf = self._deaf + passed if 0 < last.unsent <= look.unsent else 0.0
        if self._deaf > self._settings.answer_timeout:
            return Slow.DEAF
        if (look.phase, look.request) != (last.phase, last.request):
            self._since = now
            self._silent = 0.0
            if look.request != last.request:
                self._body_time = self._body_octets = 0
        if look.phase is Phase.BODY:
            return self._judge_body(look.received - last.received, passed)
        if look.phase is Phase.HEAD and now - self._since > self._settings.header_timeout:
            return Slow.HEAD
        if look.phase is Phase.IDLE and now - self._since > self._settings.idle_timeout:
            return Slow.IDLE
        return None

    def _judge_body(self, octets: int, passed: float) -> Slow | None:
        self._silent = 0.0 if octets else self._silent + passed
        self._body_time += passed
        self._body_octets += octets
        if self._silent > self._settings.body_timeout:
            return Slow.SILENT
        if self._body_time > self._settings.rate_grace and self._body_octets < self._settings.rate * self._body_time:
            return Slow.CRAWLS
        return None
