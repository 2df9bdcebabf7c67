"""Whose a job is: one name for the many ways in which clients write a person (SECURITY S18). Pure.

`CORP\\Jake`, `jake@corp.example` and `jake` are one person where the operator says so; what looks alike and is not the
same is never made the same. A name is prepared in the spirit of RFC 8265's UsernameCaseMapped: signs of double and half
width as their usual form, lower case, NFC; what nobody can see is left out. Whatever was proven is mapped instead of
what was only said, and what was said is kept beside it.

Some names name nobody: every iPhone is `mobile`, every Chromebook `chronos`. What they print belongs to that name, or
waits until somebody claims it, or is refused; and operators map them, by the client's network and the queue.
"""

import ipaddress
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from ippgate.model.errors import Forbidden
from ippgate.model.job import Caller

ANONYMOUS: Final = "anonymous"
"""Who says no name, or one of which nothing is left."""

ANY: Final = "*"
"""An alias of this name is every name that names nobody."""

MAX_NAME: Final = 255
"""Octets of a name (RFC 8011 section 5.1.3)."""

UNCLAIMED: Final = "waits until somebody claims it: nobody knows whose it is"
"""job-state-message of a job that is nobody's yet."""

NOBODYS: Final = "this printer takes no jobs of {name}, a name that many clients share: set up your own name first"
"""The refusal of a job that is nobody's."""

_REMEMBERED = 4096  # names that are not prepared again; an office has fewer

# Printable by category, and yet nothing to see (Unicode's Default_Ignorable_Code_Point; RFC 8264 section 9.13).
_INVISIBLE: Final = frozenset(
    chr(code)
    for first, last in (
        *((0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800), (0x3164, 0x3164)),
        *((0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
    )
    for code in range(first, last + 1)
)


class Goes(StrEnum):
    """Where jobs go whose name names nobody."""

    ACCEPT = "accept"  # they belong to that name
    CLAIM = "claim"  # they wait until somebody claims them
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class OwnerRules:
    """How names are mapped. Domains and nobody: as they are compared, in lower case if case is folded."""

    strip: bool = True  # the domain goes; else it stays
    domains: frozenset[str] = frozenset()  # those that may go; none: all
    strangers: bool = False  # a name of another domain than those names nobody
    fold: bool = True  # upper and lower case are the same
    nobody: frozenset[str] = frozenset({ANONYMOUS, "mobile", "chronos"})  # names that name nobody
    goes: Goes = Goes.ACCEPT
    sentence: str = NOBODYS  # how they are refused


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of an owner, everywhere or only for clients of a network or jobs of a queue."""

    name: str  # as it is compared; ANY: every name that names nobody
    owner: str
    network: str = ""  # CIDR; empty: from everywhere
    queue: str = ""  # a queue's name; empty: in all


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its parts, as they are compared."""

    whole: str  # with its domain
    user: str
    domains: tuple[str, ...]  # `CORP\\jake@example.org` has two


class Owners:
    """The mapping in force: rules and aliases. It does not change; what changes is another one."""

    def __init__(self, rules: OwnerRules | None = None, aliases: Iterable[Alias] = ()) -> None:
        self.rules = rules or OwnerRules()
        self._aliases: dict[str, list[Alias]] = {}
        for alias in sorted(aliases, key=_precision, reverse=True):
            key = ANY if alias.name == ANY else parts(alias.name, self.rules.fold).whole
            owner = self.name_of(alias.owner) or alias.owner
            self._aliases.setdefault(key, []).append(replace(alias, owner=owner))

    def known(self, caller: Caller, queue: str = "") -> Caller:
        """The caller by the name that their jobs bear in a queue (empty: it is not known yet).

        An operator's name is their account's, a station's that speaks for nobody is its own: these are left alone.
        """
        if caller.operator or (caller.station and not caller.proven):
            return caller
        name, alias, nobody = self._look(caller, queue)
        if alias is not None:
            return replace(caller, name=alias.owner, unclaimed=False)
        if nobody and self.rules.goes is Goes.CLAIM:
            return replace(caller, name=_of_client(name, caller.host), unclaimed=True)
        return caller if caller.name == name else replace(caller, name=name, unclaimed=False)

    def check_may_print(self, caller: Caller, queue: str) -> None:
        """Raises Forbidden for a name that names nobody, where their jobs are refused."""
        if caller.operator or self.rules.goes is not Goes.REFUSE:
            return
        name, alias, nobody = self._look(caller, queue)
        if nobody and alias is None:
            raise Forbidden(self.rules.sentence.replace("{name}", name))

    def name_of(self, text: str) -> str:
        """The name that jobs of somebody who is called so bear, aliases aside; empty: it is no name."""
        name = parts(text, self.rules.fold)
        return self._mapped(name) if name.user else ""

    def _look(self, caller: Caller, queue: str) -> tuple[str, Alias | None, bool]:
        """The name by the rules alone, the alias in its place, and whether it names nobody."""
        name = parts(caller.name if caller.proven else caller.said, self.rules.fold)
        nobody = not caller.proven and self._is_nobody(name)
        mapped = self._mapped(name)
        keys = (name.whole, mapped, ANY) if nobody else (name.whole, mapped)
        return mapped, self._alias(keys, caller.host, queue) if self._aliases else None, nobody

    def _mapped(self, name: Name) -> str:
        if not name.user:
            return ANONYMOUS
        return name.user if self.rules.strip and not self._is_strange(name) else name.whole

    def _is_strange(self, name: Name) -> bool:
        own = self.rules.domains
        return bool(own) and any(domain.lower() not in own for domain in name.domains)

    def _is_nobody(self, name: Name) -> bool:
        """Whatever its domain: by saying so, nobody becomes the owner of what waits to be claimed."""
        known = name.user and name.user.lower() not in self.rules.nobody
        return not known or (self.rules.strangers and self._is_strange(name))

    def _alias(self, names: Iterable[str], host: str, queue: str) -> Alias | None:
        """The first of these names that has one; of several the one that says more."""
        for name in names:
            for alias in self._aliases.get(name, ()):
                if alias.queue in ("", queue) and (not alias.network or is_within(host, alias.network)):
                    return alias
        return None


@lru_cache(_REMEMBERED)
def parts(said: str, fold: bool = True) -> Name:
    """A name as it is compared. Nothing is left of one that is too long: cut, it might be somebody else's."""
    whole = _trimmed(prepared(said, fold=fold))
    if len(whole.encode()) > MAX_NAME:
        return Name("", "", ())
    user, domains = whole, []
    while (found := _split(user)) is not None:
        user, domain = found
        domains.append(domain)
    return Name(whole, user, tuple(domains))


def prepared(said: str, *, fold: bool = True) -> str:
    """A name without what nobody sees, of usual width, in lower case if case is folded, in NFC."""
    if said.isascii() and said.isprintable():
        return said.lower() if fold else said
    seen = "".join(" " if sign.isspace() else sign for sign in said if _is_seen(sign))
    usual = "".join(map(_of_usual_width, seen))
    return unicodedata.normalize("NFC", usual.lower() if fold else usual)


def is_within(host: str, network: str) -> bool:
    """Whether an address is in a network. What is no address is in none."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address in _network(network)


def listed(text: str) -> frozenset[str]:
    """Names that are written one after the other with commas between them, as they are compared."""
    return frozenset(filter(None, (_trimmed(prepared(part)) for part in text.split(","))))


@lru_cache(_REMEMBERED)
def _network(text: str) -> "ipaddress.IPv4Network | ipaddress.IPv6Network":
    return ipaddress.ip_network(text)


def _precision(alias: Alias) -> tuple[bool, int]:
    """A queue says more than a network, a small network more than a large one."""
    size = _network(alias.network).prefixlen if alias.network else -1
    return bool(alias.queue), size


def _split(name: str) -> tuple[str, str] | None:
    """User and domain of `DOMAIN\\user` or `user@domain`; None: it has no domain."""
    if "\\" in name:
        domain, _, user = name.rpartition("\\")
        return _trimmed(user), _trimmed(domain)
    user, at, domain = name.rpartition("@")
    return (_trimmed(user), _trimmed(domain)) if at and _trimmed(user) and _trimmed(domain) else None


def _trimmed(name: str) -> str:
    """Without blanks around it and without dots at its end: Windows drops them, others do not."""
    return " ".join(name.split()).rstrip(" .")


def _of_client(name: str, host: str) -> str:
    """The owner of what is nobody's: the client, so that one phone does not delete what another sent."""
    owner = f"{name}@{host}"
    return owner if len(owner.encode()) <= MAX_NAME else f"{ANONYMOUS}@{host}"


def _is_seen(sign: str) -> bool:
    return (sign.isprintable() or sign.isspace()) and sign not in _INVISIBLE


def _of_usual_width(sign: str) -> str:
    kind = unicodedata.decomposition(sign)
    return unicodedata.normalize("NFKC", sign) if kind.startswith(("<wide>", "<narrow>")) else sign
