"""requested-attributes: single names, and names of groups (RFC 8011 sections 4.2.5.1 and 4.3.4.1)."""

from collections.abc import Callable, Collection, Iterable
from typing import Final

from ippgate.ipp import Group
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import groups_of

ALL: Final = "all"

_SUFFIXES: Final = ("-default", "-supported", "-ready", "-database")
_SUBSCRIPTION_TEMPLATE: Final = "subscription-template"

TELLS_SUBSCRIPTIONS: Final = (
    A.NOTIFY_PULL_METHOD_SUPPORTED,
    A.NOTIFY_EVENTS_DEFAULT,
    A.NOTIFY_EVENTS_SUPPORTED,
    A.NOTIFY_MAX_EVENTS_SUPPORTED,
    A.NOTIFY_LEASE_DURATION_DEFAULT,
    A.NOTIFY_LEASE_DURATION_SUPPORTED,
    A.CHARSET_SUPPORTED,
    A.GENERATED_NATURAL_LANGUAGE_SUPPORTED,
)
"""The printer attributes that tell what can be asked of a subscription (RFC 3995 table 1)."""


def requested(operation: Group) -> tuple[str, ...]:
    """The names asked for; empty: the operation's own choice. What nobody knows does no harm."""
    return tuple(operation.texts(A.REQUESTED_ATTRIBUTES))


def is_template(name: str) -> bool:
    """Whether a job attribute is a Job Template attribute."""
    return "Job Template" in groups_of(name)


def tells_template(name: str) -> bool:
    """Whether a printer attribute tells of a Job Template attribute: its default, or what is supported."""
    return any(name.endswith(suffix) and is_template(name.removesuffix(suffix)) for suffix in _SUFFIXES)


_PRINTER_GROUPS: Final[dict[str, Callable[[str], bool]]] = {
    "job-template": tells_template,
    "printer-defaults": lambda name: name.endswith("-default"),  # asked for by older CUPS
    "printer-description": lambda name: not tells_template(name),
    _SUBSCRIPTION_TEMPLATE: lambda name: name in TELLS_SUBSCRIPTIONS,  # RFC 3995 section 11.2.3
}
_SUBSCRIPTION_GROUPS: Final[dict[str, Callable[[str], bool]]] = {
    _SUBSCRIPTION_TEMPLATE: lambda name: "Subscription Template" in groups_of(name),
    "subscription-description": lambda name: "Subscription Template" not in groups_of(name),
}
_JOB_GROUPS: Final[dict[str, Callable[[str], bool]]] = {
    "job-template": is_template,
    "job-description": lambda name: not is_template(name),
}
_DOCUMENT_GROUPS: Final[dict[str, Callable[[str], bool]]] = {
    "document-template": lambda name: "Document Template" in groups_of(name),
    "document-description": lambda name: "Document Template" not in groups_of(name),
}


_SYSTEM_GROUPS: Final[dict[str, Callable[[str], bool]]] = {
    "system-description": lambda name: "System Description" in groups_of(name),
    "system-status": lambda name: "System Status" in groups_of(name),
}


def system_names(asked: Iterable[str], known: Collection[str]) -> set[str]:
    """Of the known attributes of the system those asked for."""
    return _chosen(set(asked) or {ALL}, known, _SYSTEM_GROUPS)


def printer_names(asked: Iterable[str], known: Collection[str]) -> set[str]:
    """Of the known printer attributes those asked for; media-col-database only if it is asked for by name."""
    asked = set(asked) or {ALL}
    chosen = _chosen(asked, known, _PRINTER_GROUPS)
    return chosen if A.MEDIA_COL_DATABASE in asked else chosen - {A.MEDIA_COL_DATABASE}


def job_names(asked: Iterable[str], known: Collection[str]) -> set[str]:
    """Of the known job attributes those asked for."""
    return _chosen(set(asked) or {ALL}, known, _JOB_GROUPS)


def subscription_names(asked: Iterable[str], known: Collection[str]) -> set[str]:
    """Of the known attributes of subscriptions those asked for."""
    return _chosen(set(asked), known, _SUBSCRIPTION_GROUPS)


def document_names(asked: Iterable[str], known: Collection[str]) -> set[str]:
    """Of the known document attributes those asked for."""
    return _chosen(set(asked) or {ALL}, known, _DOCUMENT_GROUPS)


def _chosen(asked: set[str], known: Collection[str], groups: dict[str, Callable[[str], bool]]) -> set[str]:
    if ALL in asked:
        return set(known)
    chosen = asked.intersection(known)
    for group in asked.intersection(groups):
        chosen.update(filter(groups[group], known))
    return chosen
