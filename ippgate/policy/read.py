"""A rules file's text → RuleSet, whole or not at all: every fault is found in one go."""

import hashlib
import re
import tomllib
from difflib import get_close_matches
from typing import Any

from ippgate.policy.bound import MAX_FILE, MAX_PROBLEMS, MAX_RULES, MAX_STEPS_IN_ALL
from ippgate.policy.coherence import contradictions, deeds, shadowed, unreachable
from ippgate.policy.fact import FACTS, Source
from ippgate.policy.key import KEYS
from ippgate.policy.lines import Place, lines, too_deep
from ippgate.policy.problem import Problem, RulesError, UnfitError
from ippgate.policy.rule import Rule, RuleSet, Stage
from ippgate.policy.shape import Shape
from ippgate.policy.worth import ALSO_CALLED, SHAPED

TABLE = "rule"
DIGEST = 16
"""Characters of a rule set's digest."""

_SHOWN = 40
_AT_LINE = re.compile(r"^(?P<fault>.*?) \(at line (?P<line>[0-9]+), column [0-9]+\)$", re.DOTALL)


def read_rules(text: str, file: str) -> RuleSet:
    """The rules of a file whose text is `text`. Raises RulesError with all that is wrong with them."""
    reading = _Reading(text, file)
    rules = reading.rules()
    if reading.problems:
        ordered = sorted(reading.problems, key=lambda problem: problem.line or 0)
        raise RulesError(ordered[:MAX_PROBLEMS])
    return RuleSet(tuple(rules), file, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST])


class _Reading:
    """One file, and what is wrong with it so far."""

    def __init__(self, text: str, file: str) -> None:
        self._text, self._file = text, file
        self._lines: dict[Place, int] = {}
        self.problems: list[Problem] = []

    def rules(self) -> list[Rule]:
        """The rules that can be understood."""
        tree = self._tree()
        if tree is None:
            return []
        self._lines = lines(self._text, TABLE)
        self._check_top(tree)
        tables = tree.get(TABLE, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._note(None, "", "`rule` is no list of tables", f"write [[{TABLE}]] above each rule")
            return []
        if len(tables) > MAX_RULES:
            self._note(None, "", f"there are {len(tables)} rules; {MAX_RULES} are allowed", "join some of them with ||")
            return []
        found = [self._rule(number, table) for number, table in enumerate(tables)]
        whole = [rule for rule in found if rule is not None]
        self._check_together(whole)
        return whole

    def _tree(self) -> dict[str, Any] | None:
        if len(self._text.encode("utf-8", "replace")) > MAX_FILE:
            self._note(None, "", f"the file is larger than {MAX_FILE // 1024} KiB", "name a rules file")
            return None
        if too_deep(self._text):
            self._note(None, "", "keys or brackets are nested without end", "start from conf/rules.toml")
            return None
        try:
            return tomllib.loads(self._text)
        except (ValueError, RecursionError) as error:  # numbers of many digits, brackets without end
            found = _AT_LINE.match(str(error))
            fault, line = (found["fault"], int(found["line"])) if found else (str(error)[: _SHOWN * 2], None)
            self._note(line, "", f"this is not TOML ({fault})", "see https://toml.io, or start from conf/rules.toml")
        return None

    def _check_top(self, tree: dict[str, Any]) -> None:
        for key in tree:
            if key != TABLE:
                line = self._line(-1, key)
                remedy = f"write [[{TABLE}]]" if key in ("rules", "Rule", *KEYS) else "take it out"
                self._note(line, "", f"there is no {key[:_SHOWN]!r} in a rules file", remedy)

    # ── one rule ──

    def _rule(self, number: int, table: dict[str, Any]) -> Rule | None:
        given = table.get("name")
        name = given.strip()[: _SHOWN * 2] if isinstance(given, str) and given.strip() else f"number {number + 1}"
        before = len(self.problems)
        if "name" not in table:
            self._note(self._line(number), name, "it has no name", 'write name = "…"')
        fields: dict[str, Any] = {"name": name, "line": self._line(number)}
        shapes: list[Shape] = []
        for key, value in table.items():
            taken = self._key(number, name, key, value)
            shapes += taken.pop("shapes", ())
            fields |= taken
        understood = len(self.problems) == before
        rule = Rule(**{"stages": _natural_stages(fields), **fields}, shapes=tuple(shapes))
        for odd in contradictions(rule) if understood or deeds(rule) else ():
            self._note(rule.line, name, odd.fault, odd.remedy)
        return rule if understood else None

    def _key(self, number: int, name: str, key: str, value: object) -> dict[str, Any]:
        line = self._line(number, key)
        law = KEYS.get(key)
        if law is None:
            self._note(line, name, f"there is no key {key[:_SHOWN]!r}", _meant(key.replace("-", "_")))
            return {}
        try:
            return dict(law.read(value, name))
        except UnfitError as unfit:
            whose = "" if unfit.fault.startswith(f"{key}.") else f"{key}: "
            self._note(line, name, f"{whose}{unfit.fault}", unfit.remedy)
        return {}

    # ── all of them ──

    def _check_together(self, rules: list[Rule]) -> None:
        names: dict[str, Rule] = {}
        for rule in rules:
            first = names.setdefault(rule.name.casefold(), rule)
            if first is not rule:
                self._note(rule.line, rule.name, f"the rule in line {first.line} has the same name", "rename one")
        for rule, odd in (*unreachable(rules), *shadowed(rules)):
            self._note(rule.line, rule.name, odd.fault, odd.remedy)
        cost = sum(rule.when.steps for rule in rules if rule.when)
        if cost > MAX_STEPS_IN_ALL:
            fault = f"all conditions together could take {cost} steps; {MAX_STEPS_IN_ALL} are allowed"
            dearest = max(rules, key=lambda rule: rule.when.steps if rule.when else 0)
            self._note(None, "", fault, f"the dearest is that of the rule {dearest.name}")

    def _line(self, number: int, key: str = "") -> int | None:
        return self._lines.get((number, key), self._lines.get((number, "")))

    def _note(self, line: int | None, rule: str, sentence: str, remedy: str) -> None:
        self.problems.append(Problem(self._file, line, rule, sentence, remedy))


def _meant(key: str) -> str:
    """What to do about a key that does not exist."""
    if attribute := ALSO_CALLED.get(key, key if key in SHAPED else None):
        return f"write force = {{ {attribute} = {SHAPED[attribute].form} }}, or cap, or default"
    close = get_close_matches(key, [*KEYS, *_ALSO_CALLED], n=1, cutoff=0.6)
    meant = _ALSO_CALLED.get(close[0], close[0]) if close else ""
    return f"did you mean {meant}?" if meant else f"there are {', '.join(KEYS)}"


def _natural_stages(fields: dict[str, Any]) -> frozenset[Stage]:
    """A rule that speaks of the device runs when there is one."""
    when = fields.get("when")
    of_device = when is not None and any(FACTS[name].source is Source.DEVICE for name in when.asks_for)
    return frozenset((Stage.RELEASE if of_device else Stage.ARRIVAL,))


_ALSO_CALLED = {
    **dict.fromkeys(("if", "condition"), "when"),
    **dict.fromkeys(("deny", "reject"), "refuse"),
    **dict.fromkeys(("direct", "print"), "print_directly"),
    **dict.fromkeys(("send", "device", "group", "route"), "send_to"),
    **dict.fromkeys(("limit", "max"), "cap"),
    **dict.fromkeys(("set",), "force"),
    **dict.fromkeys(("retain", "keep"), "retention"),
    **dict.fromkeys(("account",), "require_account"),
    **dict.fromkeys(("tags",), "tag"),
}
