"""Who may print to a queue, and what clients are told of it (RFC 8011 section 5.4.2).

A queue that wants to know its clients refuses the others with a sentence, never with a challenge: Windows does not
answer one and asks again for ever.
"""

from typing import TYPE_CHECKING, Final

from ippgate.doors.site import REQUESTING_USER_NAME, TLS, Way
from ippgate.model.errors import Forbidden
from ippgate.model.queue import Queue

if TYPE_CHECKING:
    from ippgate.doors.ipp.exchange import Exchange

NONE: Final = "none"
BASIC: Final = "basic"
CERTIFICATE: Final = "certificate"


def check_welcome(exchange: "Exchange", queue: Queue) -> None:
    """Raises Forbidden for somebody whom the queue does not know."""
    if not queue.options.known_only or exchange.bearer is not None or exchange.caller.proven:
        return
    or_else = ", or over TLS with your certificate" if exchange.room.people is not None else ""
    way = f"print to the printer URI that its operator has given you{or_else}"
    raise Forbidden(f"{queue.name} takes jobs from those it knows alone: {way}")


def ways_in(exchange: "Exchange", queue: Queue) -> list[Way]:
    """The URIs of a queue that this client is told, each with what proves there who prints."""
    ways = exchange.site.ways(queue.name)
    bearer = exchange.bearer
    if bearer is not None and bearer.uri.queue == queue.name:
        says_who = NONE if bearer.uri.person else REQUESTING_USER_NAME  # the URI says who, or only where
        return [way._replace(authentication=says_who) for way in ways]
    if queue.options.known_only and (secure := [way for way in ways if way.security == TLS]):
        proof = BASIC if exchange.room.people is None else CERTIFICATE  # without them: operators alone
        return [way._replace(authentication=proof) for way in secure]  # who has neither has a URI of their own
    return ways
