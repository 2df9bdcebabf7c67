"""The text of the generated modules: plain literals, one entry a line, as the formatter would leave them."""

from collections.abc import Iterable, Mapping

from ippgate.ipp.generate.source import Registry

_HEAD = "# Generated from IANA's IPP registry by `python -m ippgate.ipp.generate`: do not edit.\n"


def render(registry: Registry) -> dict[str, str]:
    """File name → text, for every module of the registry package."""
    bodies = {
        "__init__.py": _package(registry),
        "attributes.py": _symbols("Attribute and member names as symbols", _attribute_names(registry)),
        "syntaxes.py": _syntaxes(registry),
        "keywords.py": _keywords(registry),
        "reasons.py": _symbols("Keywords of job-, printer- and document-state-reasons", _reasons(registry)),
        "operations.py": _operations(registry),
        "statuses.py": _enums("Status codes (status-code keyword: `.keyword`)", {"status": registry.statuses}),
        "enums.py": _enums("Values of attributes of syntax enum", registry.enums),
    }
    return {name: _HEAD + body for name, body in bodies.items()}


def symbol(name: str) -> str:
    """job-state → JOB_STATE."""
    return name.upper().replace("-", "_").replace(".", "_").replace("+", "_")


def class_name(name: str) -> str:
    """job-state → JobState."""
    return "".join(word.capitalize() for word in name.split("-"))


def _package(registry: Registry) -> str:
    classes = sorted(map(class_name, registry.enums))
    lines = ['"""IANA\'s IPP registry as Python: names, codes, syntaxes, keywords, enums."""\n']
    lines.append(f"from ippgate.ipp.registry.enums import (\n{_lines(classes)})")
    lines.append("from ippgate.ipp.registry.operations import OPERATION_NAMES, Operation")
    lines.append("from ippgate.ipp.registry.statuses import Status\n")
    exported = sorted(["OPERATION_NAMES", "Operation", "Status", *classes], key=_sorted_as_ruff)
    lines.append(f"__all__ = [\n{_lines(map(_quoted, exported))}]\n")
    return "\n".join(lines)


def _sorted_as_ruff(name: str) -> tuple[bool, str]:
    return (not name.isupper(), name)


def _attribute_names(registry: Registry) -> set[str]:
    return {*registry.syntaxes, *(name for table in registry.members.values() for name in table)}


def _reasons(registry: Registry) -> set[str]:
    attributes = ("job-state-reasons", "printer-state-reasons", "document-state-reasons")
    return set().union(*(registry.keywords[name] for name in attributes))


def _symbols(title: str, names: Iterable[str]) -> str:
    lines = [f'{symbol(name)}: Final = "{name}"' for name in sorted(names)]
    return f'"""{title}."""\n\nfrom typing import Final\n\n' + "\n".join(lines) + "\n"


def _syntaxes(registry: Registry) -> str:
    groups = {name: sorted(groups) for name, groups in registry.groups.items()}
    return "\n".join(
        [
            '"""Syntax of every attribute, of collections\' members by path, and the groups of attributes."""\n',
            _mapping("SYNTAX", "dict[str, str]", registry.syntaxes),
            _tuples("GROUPS", groups),
            "MEMBERS: dict[str, dict[str, str]] = {",
            *(_members(path, registry.members[path]) for path in sorted(registry.members)),
            "}\n",
            "# Collections that have the members of another.",
            _mapping("MEMBERS_AS", "dict[str, str]", registry.members_as),
        ]
    )


def _members(path: str, table: Mapping[str, str]) -> str:
    entries = "".join(f'        "{name}": "{table[name]}",\n' for name in sorted(table))
    return f'    "{path}": {{\n{entries}    }},'


def _keywords(registry: Registry) -> str:
    tables = {name: sorted(values) for name, values in registry.keywords.items()}
    return "\n".join(
        [
            '"""Registered keywords by attribute, obsolete ones included."""\n',
            _tuples("KEYWORDS", tables),
            "# Attributes that have the keywords of another, beside their own.",
            _mapping("KEYWORDS_AS", "dict[str, str]", registry.keywords_as),
        ]
    )


def _operations(registry: Registry) -> str:
    names = "".join(f'    0x{code:04X}: "{name}",\n' for code, name in sorted(registry.operations.items()))
    members = _enum("Operation", registry.operations, "0x{:04X}")
    return (
        '"""Operation codes and their registered names."""\n\n'
        "from ippgate.ipp.keyworded import KeywordedEnum\n\n\n"
        f"{members}\n\nOPERATION_NAMES: dict[int, str] = {{\n{names}}}\n"
    )


def _enums(title: str, enums: Mapping[str, Mapping[int, str]]) -> str:
    style = "0x{:04X}" if "status" in enums else "{}"
    classes = [_enum(class_name(name), enums[name], style) for name in sorted(enums)]
    return f'"""{title}."""\n\nfrom ippgate.ipp.keyworded import KeywordedEnum\n\n\n' + "\n\n".join(classes)


def _enum(name: str, values: Mapping[int, str], style: str) -> str:
    members = "".join(f"    {symbol(label)} = {style.format(number)}\n" for number, label in sorted(values.items()))
    return f"class {name}(KeywordedEnum):\n{members}"


def _mapping(name: str, kind: str, table: Mapping[str, str]) -> str:
    entries = "".join(f'    "{key}": "{table[key]}",\n' for key in sorted(table))
    return f"{name}: {kind} = {{\n{entries}}}\n"


def _tuples(name: str, table: Mapping[str, Iterable[str]]) -> str:
    entries = "".join(_tuple_entry(key, list(table[key])) for key in sorted(table))
    return f"{name}: dict[str, tuple[str, ...]] = {{\n{entries}}}\n"


def _tuple_entry(key: str, values: list[str]) -> str:
    one_line = ", ".join(map(_quoted, values)) + ("," if len(values) == 1 else "")
    entry = f'    "{key}": ({one_line}),\n'
    if len(entry) <= 121:
        return entry
    return f'    "{key}": (\n' + "".join(f'        "{value}",\n' for value in values) + "    ),\n"


def _quoted(text: str) -> str:
    return f'"{text}"'


def _lines(items: Iterable[str]) -> str:
    return "".join(f"    {item},\n" for item in items)
