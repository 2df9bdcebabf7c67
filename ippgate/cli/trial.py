"""A job that does not exist, described in a file, for `ippgate rule try`: its facts by the names that rules use.

    [job]
    name = "Report"
    pages = 600
    sides = "one-sided"

What follows from other facts (impressions, sheets, now.*) is reckoned, as for a real job.
"""

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ippgate.cli.sentence import FailedError
from ippgate.ipp import Attribute, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.capabilities.media import MediaSize
from ippgate.model.facts import DocumentFacts, MediaUse
from ippgate.policy import FACTS, DeviceFacts, Facts, JobFacts, QueueFacts, UserFacts
from ippgate.policy.fact import Kind
from ippgate.policy.problem import UnfitError
from ippgate.policy.worth import SHAPED

MAX_FILE = 256 * 1024

_KINDS: dict[Kind, type] = {Kind.TRUTH: bool, Kind.NUMBER: int, Kind.TEXT: str, Kind.TEXTS: list}
_OF_DOCUMENT = {"job.pages": "pages", "job.color_pages": "color_pages", "document.unknown": "unknown"}
_RECKONED = frozenset(
    ["job.color", "job.impressions", "job.sheets", "document.mismatch"] + [name for name in FACTS if name[:4] == "now."]
)


def read_attributes(path: Path) -> dict[str, Any]:
    """Facts by name from a TOML or JSON file. Raises FailedError with what is wrong, and OSError."""
    with path.open("rb") as file:
        raw = file.read(MAX_FILE + 1)
    if len(raw) > MAX_FILE:
        raise FailedError(f"{path}: the file is larger than {MAX_FILE // 1024} KiB; describe one job")
    try:
        text = raw.decode()
        tree = json.loads(text) if text.lstrip()[:1] == "{" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise FailedError(f"{path}: this is neither TOML nor JSON ({error})") from None
    return dict(_flat(tree, path))


def facts_of(given: Mapping[str, Any], now: datetime) -> Facts:
    """The facts of such a job. Raises FailedError for a name or a value that cannot be."""
    for name, value in given.items():
        _check(name, value)
    document = _document(given)
    job = JobFacts(
        name=given.get("job.name", ""),
        template=tuple(_template(given)),
        priority=given.get("job.priority", 50),
        hold_until=given.get("job.hold_until"),
        document_format=given.get("job.format", "application/octet-stream"),
        document_name=given.get("job.document_name", ""),
        size=given.get("job.size"),
    )
    return Facts(
        job,
        now,
        _part(UserFacts, "user", given),
        _part(QueueFacts, "queue", given),
        given.get("client.address", ""),
        document,
        _part(DeviceFacts, "device", given) if any(name.startswith("device.") for name in given) else None,
    )


def with_document(facts: Facts, found: DocumentFacts, size: int) -> Facts:
    """The same job with a real document."""
    return replace(facts, document=found, job=replace(facts.job, size=size))


def _flat(tree: object, path: Path) -> list[tuple[str, Any]]:
    if not isinstance(tree, dict):
        raise FailedError(f"{path}: there are no names in it; write [job] and below it pages = 600")
    flat: list[tuple[str, Any]] = []
    for subject, parts in tree.items():
        if not isinstance(parts, dict):
            raise FailedError(f"{path}: {subject} is no table; write [job] and below it {subject} = …")
        flat += [(f"{subject}.{part}", value) for part, value in parts.items()]
    return flat


def _check(name: str, value: object) -> None:
    if name in _RECKONED:
        raise FailedError(f"{name} follows from other facts" + (": use --now" if name.startswith("now.") else ""))
    if name not in FACTS and name not in _OF_DOCUMENT:
        raise FailedError(f"there is no fact {name}; `ippgate rule facts` lists them")
    kind = FACTS[name].kind if name in FACTS else Kind.TEXT
    wanted = _KINDS[kind]
    fits = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
    if not fits or (isinstance(value, list) and not all(isinstance(item, str) for item in value)):
        raise FailedError(f"{name} is a {kind}, not {value!r}"[:300])
    if wanted is int and isinstance(value, int) and not 0 <= value < 2**63:
        raise FailedError(f"{name} cannot be {value}"[:300])


def _template(given: Mapping[str, Any]) -> list[Attribute]:
    found = []
    for key, law in SHAPED.items():
        if f"job.{key}" in given:
            try:
                found.append(attribute(law.name, *law.read(given[f"job.{key}"])))
            except UnfitError as unfit:
                raise FailedError(f"job.{key}: {unfit.fault}; {unfit.remedy}") from None
    if given.get("job.account_id"):
        found.append(attribute(A.JOB_ACCOUNT_ID, given["job.account_id"]))
    return found


def _document(given: Mapping[str, Any]) -> DocumentFacts | None:
    """A job whose document is not described has none that was examined."""
    fields = {field: given[name] for name, field in _OF_DOCUMENT.items() if name in given}
    rename: dict[str, Callable[[Any], tuple[str, Any]]] = {
        "format": lambda value: ("document_format", value),
        "media": lambda value: ("media", tuple(_use(name) for name in value)),
        "finishings": lambda value: ("finishings", SHAPED["finishings"].read(value)),
    }
    for name, value in given.items():
        subject, _, part = name.partition(".")
        if subject == "document" and name not in _OF_DOCUMENT:
            field, worth = rename[part](value) if part in rename else (part, value)
            fields[field] = worth
    return DocumentFacts(**fields) if fields else None


def _use(name: str) -> MediaUse:
    try:
        size = MediaSize.of(name)
    except ValueError as error:
        raise FailedError(f"document.media: {error}; write a name such as iso_a4_210x297mm") from None
    return MediaUse(size.x, size.y, 1)


def _part(kind: Any, subject: str, given: Mapping[str, Any]) -> Any:
    fields = {name.partition(".")[2]: value for name, value in given.items() if name.startswith(f"{subject}.")}
    return kind(**{field: tuple(value) if isinstance(value, list) else value for field, value in fields.items()})
