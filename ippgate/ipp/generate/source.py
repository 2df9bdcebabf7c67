"""Read IANA's XML into one plain structure: what the registry tables are written from."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from ippgate.ipp.generate import grammar
from ippgate.ipp.generate.errata import ERRATA, EXTRA_ATTRIBUTES, EXTRA_OPERATIONS

Record = dict[str, str]
_XML = "{http://www.iana.org/assignments}"
_STATUS_NOTE = re.compile(r"( ?\((deprecated|obsolete|extension|under review)\))+$", re.IGNORECASE)
_ANY_MEMBER = re.compile(r'<Any "([a-z-]+)" member attribute>')
_ANY_VALUE = re.compile(r'< ?(?:any|all) "?([a-z0-9-]+)"? .*>', re.IGNORECASE)
_KEYWORD = re.compile(r"[a-z0-9][a-z0-9._+-]*")


@dataclass
class Registry:
    """Everything the tables hold. Collections are named by path: "media-col/media-size"."""

    groups: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    syntaxes: dict[str, str] = field(default_factory=dict)
    members: dict[str, dict[str, str]] = field(default_factory=dict)
    members_as: dict[str, str] = field(default_factory=dict)
    keywords: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    keywords_as: dict[str, str] = field(default_factory=dict)
    enums: dict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    operations: dict[int, str] = field(default_factory=dict)
    statuses: dict[int, str] = field(default_factory=dict)


def read(path: Path) -> Registry:
    """The registry in the file, mended and with the extras. Raises ValueError for a slip not in the errata."""
    root = ET.parse(path).getroot()  # noqa: S314 — a file of this repository, not of the network
    used: Counter[int] = Counter()
    registry = Registry()
    _read_attributes(registry, _records(root, "ipp-registrations-2", used))
    _read_keywords(registry, _records(root, "ipp-registrations-4", used))
    _read_enums(registry, _records(root, "ipp-registrations-6", used))
    _read_statuses(registry, _records(root, "ipp-registrations-11", used))
    stale = [erratum for index, erratum in enumerate(ERRATA) if not used[index]]
    if stale:
        raise ValueError(f"errata that match nothing any more: {stale}")
    return registry


def _records(root: ET.Element, section: str, used: Counter[int]) -> list[Record]:
    found = root.find(f"{_XML}registry[@id='{section}']")
    if found is None:
        raise ValueError(f"the file has no registry {section}")
    return [_mended(_plain(record), used) for record in found.findall(f"{_XML}record")]


def _plain(record: ET.Element) -> Record:
    texts = {child.tag.removeprefix(_XML): "".join(child.itertext()) for child in record}
    return {key: re.sub(r"\s+", " ", text).strip() for key, text in texts.items() if key != "xref"}


def _mended(record: Record, used: Counter[int]) -> Record:
    labels = ("sub-member_attribute", "member_attribute", "attribute", "name")
    names = [_bare(record[key]) for key in labels if key in record]
    for index, erratum in enumerate(ERRATA):
        if record.get(erratum.field) == erratum.wrong and (not erratum.where or names[0] == erratum.where):
            record[erratum.field] = erratum.right
            used[index] += 1
    return record


def _bare(name: str) -> str:
    return _STATUS_NOTE.sub("", name)


def _read_attributes(registry: Registry, records: list[Record]) -> None:
    extras = [{"collection": group, "name": name, "syntax": syntax} for group, name, syntax in EXTRA_ATTRIBUTES]
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for record in records + extras:
        steps = [_bare(record[key]) for key in ("name", "member_attribute", "sub-member_attribute") if key in record]
        path, name = "/".join(steps[:-1]), steps[-1]
        if not path:
            registry.groups[name].add(record["collection"])
        if same_as := _ANY_MEMBER.fullmatch(name):
            if same_as[1] != path:
                registry.members_as[path] = same_as[1]
        elif not name.startswith("<"):  # "<Any Job Template attribute>" needs no table: readers fall back to top level
            found[path][name].append(record["syntax"])
    for path, syntaxes in found.items():
        table = {name: grammar.write(*grammar.merge(map(grammar.read, texts))) for name, texts in syntaxes.items()}
        if path:
            registry.members[path] = table
        else:
            registry.syntaxes = table


def _read_keywords(registry: Registry, records: list[Record]) -> None:
    for record in records:
        name, value = _bare(record["attribute"]), _bare(record.get("value", ""))
        if same_as := _ANY_VALUE.fullmatch(value):
            if same_as[1] in ("printer", "document", "job", "subscription"):
                continue  # "<Any Job object attribute>": a set of attribute names, not a table of keywords
            registry.keywords_as[name] = same_as[1]
        elif _KEYWORD.fullmatch(value):
            registry.keywords[name].add(value)
        elif value:
            raise ValueError(f"not a keyword: {value!r} of {name}")


def _read_enums(registry: Registry, records: list[Record]) -> None:
    for record in records:
        name, number, label = _bare(record["attribute"]), _bare(record.get("value", "")), _bare(record.get("name", ""))
        if not number or number.startswith("<") or label.startswith("Reserved"):
            continue
        if name == "operations-supported":
            registry.operations[int(number, 16)] = label
        else:
            registry.enums[name][int(number)] = label
    registry.operations.update(EXTRA_OPERATIONS)


def _read_statuses(registry: Registry, records: list[Record]) -> None:
    for record in records:
        if not record["name"].startswith(("Reserved", "Unassigned")):
            registry.statuses[int(record["value"], 16)] = record["name"]
