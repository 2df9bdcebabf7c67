"""A rule and the rules of a file, as they are applied."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from ippgate.policy.bound import MAX_OUTLOOKS
from ippgate.policy.condition import Condition, can_matter
from ippgate.policy.fact import FACTS, Source
from ippgate.policy.problem import UnfitError
from ippgate.policy.shape import Shape

if TYPE_CHECKING:
    import cel


class Stage(StrEnum):
    """When rules run."""

    ARRIVAL = "arrival"
    RELEASE = "release"


class Unknown(StrEnum):
    """What happens where a condition cannot be judged because a fact is not known."""

    HOLD = "hold"  # the job is held and says which fact
    MATCH = "match"  # as if the condition were true
    SKIP = "skip"  # as if it were false


@dataclass(frozen=True)
class Rule:
    """One rule. What it does not do is empty, False or None."""

    name: str
    line: int | None = None  # where it begins
    when: Condition | None = None  # None: always
    unknown: Unknown = Unknown.HOLD
    stages: frozenset[Stage] = frozenset((Stage.ARRIVAL,))
    refuse: str = ""  # the sentence
    hold: str = ""  # the sentence
    print_directly: bool = False
    send_to: str = ""  # a device's or a group's name
    shapes: tuple[Shape, ...] = ()
    priority: int | None = None
    retention: int | None = None  # seconds
    require_account: bool = False
    tags: tuple[str, ...] = ()
    stop: bool = False

    @property
    def ends(self) -> bool:
        """Whether no rule after it is asked."""
        return self.stop or bool(self.refuse)

    @property
    def uncertain(self) -> bool:
        """Whether a fact that its condition needs may be unknown."""
        return self.when is not None and not all(FACTS[name].certain for name in self.when.reads)

    @cached_property
    def deeds(self) -> tuple[str, ...]:
        """What it does, a clause for each action."""
        done = [
            f"refuses: {self.refuse}" if self.refuse else "",
            f"holds: {self.hold}" if self.hold else "",
            "prints directly" if self.print_directly else "",
            f"sends to {self.send_to}" if self.send_to else "",
            *map(str, self.shapes),
            f"priority {self.priority}" if self.priority is not None else "",
            f"kept for {_time(self.retention)}" if self.retention is not None else "",
            "requires an account" if self.require_account else "",
            f"tags {', '.join(self.tags)}" if self.tags else "",
            "stops here" if self.stop else "",
        ]
        return tuple(clause for clause in done if clause)


@dataclass(frozen=True)
class RuleSet:
    """The rules of one file, in its order. `digest` tells one state of the file from another.

    `unusable`: why there are no rules although there should be; then every job is held.
    """

    rules: tuple[Rule, ...] = ()
    file: str = ""
    digest: str = ""
    unusable: str = ""

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def at(self, stage: Stage) -> tuple[Rule, ...]:
        """The rules that run at a stage."""
        return self._stages[stage]

    def asks_for(self, stage: Stage) -> tuple[str, ...]:
        """The facts that these rules ask for."""
        return self._asked[stage]

    def takes_drawing(self, stage: Stage) -> bool:
        """Whether a rule asks by has() for what only drawing the document's pages tells."""
        return self._drawing[stage]

    def idle(self, stage: Stage, context: "cel.Context", absent: frozenset[str], *, undrawn: bool) -> bool:
        """Whether all rules of a stage pass over a job, none for want of a fact that matters. False: they may not.

        undrawn: what drawing the document's pages tells is among the `absent` facts, but may still be found out.
        """
        outlook = self._outlook(stage, absent, undrawn=undrawn)
        try:
            return outlook is not None and outlook.execute(context) is False
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001 - see Condition.holds
            return False

    def _outlook(self, stage: Stage, absent: frozenset[str], *, undrawn: bool) -> "cel.Program | None":
        key = (stage, absent, undrawn)
        if key not in self._outlooks:
            if len(self._outlooks) >= MAX_OUTLOOKS:
                return None
            self._outlooks[key] = self._foreseen(stage, absent, undrawn=undrawn)
        return self._outlooks[key]

    def _foreseen(self, stage: Stage, absent: frozenset[str], *, undrawn: bool) -> "cel.Program | None":
        wanting = frozenset(name for name in absent if undrawn and FACTS[name].drawn)
        conditions = []
        for rule in self.at(stage):
            if rule.when is None:
                return None
            conditions.append((rule.when, rule.unknown is not Unknown.SKIP or not wanting.isdisjoint(rule.when.reads)))
        try:
            return can_matter(conditions, absent)
        except UnfitError:
            return None

    @cached_property
    def _outlooks(self) -> dict[tuple[Stage, frozenset[str], bool], "cel.Program | None"]:
        return {}

    @cached_property
    def _stages(self) -> dict[Stage, tuple[Rule, ...]]:
        return {stage: tuple(rule for rule in self.rules if stage in rule.stages) for stage in Stage}

    @cached_property
    def _drawing(self) -> dict[Stage, bool]:
        return {
            stage: any(FACTS[name].drawn for rule in self.at(stage) if rule.when for name in rule.when.asks_after)
            for stage in Stage
        }

    @cached_property
    def _asked(self) -> dict[Stage, tuple[str, ...]]:
        return {
            stage: tuple({name: True for rule in self.at(stage) if rule.when for name in rule.when.asks_for})
            for stage in Stage
        }


def needs(rules: RuleSet, stage: Stage) -> frozenset[Source]:
    """Where the facts come from that the rules of a stage ask for: without Source.DOCUMENT nobody needs to wait for the
    document to be examined.
    """
    return frozenset(FACTS[name].source for name in rules.asks_for(stage))


def _time(seconds: int) -> str:
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds % length == 0:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


NO_RULES = RuleSet()
