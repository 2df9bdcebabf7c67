"""Who somebody is: operators, proven by a password, people and workstations by a printer URI of their own, stations at
devices by a secret or a certificate; and whose a job is, by the name that its client says.

operators   accounts, and the proof of one
stations    the register of stations, and the proof of being one
enrolment   one-time codes: whoever brings one is that station from then on
typed_code  what such a code looks like
secret      what the gate draws for them, and what is kept of it
certificate what they bring themselves
password    argon2id beside the event loop, few at a time
patience    attempts that failed: slowed by source and by name, within bounds, locking nobody out
source      whose attempts count together
cards       cards of people, and codes by which they register one
pins        global PINs, drawn and told once
logins      how people log in: by card, PIN, both, or password
prover      names and passwords, of operators and of people
runs        numbers of cards that look counted
taps        cards that are tapped at readers: handed to the page that waits, or everything is printed
readers     card readers on the network: known by a token, their taps numbered
tap_pace    how fast a reader may tap
sessions    what a login is good for, and its token
private_uris  printer URIs with a secret: issued, looked up, revoked
uri_secret  their secrets, and the keyed hash that is kept of one
proof       what was proven a moment ago need not be proven again
owners      the names of owners: rules, and the aliases that operators keep
people      those whose jobs the gate holds, and what proves them
people_book  what rules may know of them, who is shut out and who stands for whom: in each worker's memory
delegates   who sees and releases what another holds
"""

from ippgate.identity.cards import Cards
from ippgate.identity.delegates import Delegates
from ippgate.identity.logins import Logins
from ippgate.identity.operators import IdentitySettings, Operators
from ippgate.identity.owners import OwnerBook
from ippgate.identity.people import People
from ippgate.identity.people_book import PeopleBook
from ippgate.identity.pins import Pins
from ippgate.identity.private_uris import PrivateUris
from ippgate.identity.readers import Readers
from ippgate.identity.sessions import Sessions, SessionSettings, Span
from ippgate.identity.stations import Stations
from ippgate.identity.taps import Taps

__all__ = [
    "Cards",
    "Delegates",
    "IdentitySettings",
    "Logins",
    "Operators",
    "OwnerBook",
    "People",
    "PeopleBook",
    "Pins",
    "PrivateUris",
    "Readers",
    "SessionSettings",
    "Sessions",
    "Span",
    "Stations",
    "Taps",
]
