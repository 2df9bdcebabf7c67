"""Rules held against themselves and each other: what contradicts, what can never apply, what nobody would ever see."""

from collections.abc import Iterator

from ippgate.policy.condition.imply import implies, impossible
from ippgate.policy.condition.tree import Node
from ippgate.policy.fact import FACTS, Source
from ippgate.policy.problem import UnfitError
from ippgate.policy.rule import Rule, Stage, Unknown
from ippgate.policy.shape import How, Shape, capped_at, words


def contradictions(rule: Rule) -> Iterator[UnfitError]:
    """What one rule says twice, in two ways, or in vain."""
    done = deeds(rule)
    if not done:
        yield UnfitError("the rule does nothing", "give it an action, such as hold = true, or take it out")
    beside = [deed for deed in done if deed not in ("refuse", "tag")]
    if rule.refuse and beside:
        remedy = "take them out, or do not refuse: nothing but a tag goes with it"
        yield UnfitError(f"a job that is refused cannot also have {', '.join(beside)}", remedy)
    if rule.hold and rule.print_directly:
        yield UnfitError("a job cannot be held and printed directly", "choose hold or print_directly")
    yield from _at_odds(rule.shapes)
    yield from _at_the_wrong_time(rule)
    if rule.when is not None and (rule.when.constant is False or impossible(rule.when.tree)):
        yield UnfitError("the condition can never be true", "correct it, or take the rule out")


def unreachable(rules: list[Rule]) -> Iterator[tuple[Rule, UnfitError]]:
    """Rules that never apply, because an earlier one always ends before them; each is named once."""
    for number, rule in enumerate(rules):
        ender = next((earlier for earlier in rules[:number] if earlier.ends and _shuts_out(earlier, rule)), None)
        if ender is not None:
            does = "refuses" if ender.refuse else "stops at"
            which = "every job" if _always(ender) else "every job that it could apply to"
            fault = f"it is never reached: the rule {ender.name}, before it, {does} {which}"
            yield rule, UnfitError(fault, f"put it before the rule {ender.name}, or take it out")


def shadowed(rules: list[Rule]) -> Iterator[tuple[Rule, UnfitError]]:
    """Rules of which nothing is ever seen, because a later one always overrides all they do; each is named once."""
    for number, rule in enumerate(rules):
        overridable = _overridable(rule)
        if rule.ends or not overridable:
            continue
        for later in rules[number + 1 :]:
            if rule.stages <= later.stages and _covers(later, rule) and overridable <= (_overridable(later) or set()):
                fault = f"nothing of it is ever seen: the rule {later.name}, after it, says something else each time"
                yield rule, UnfitError(fault, f"put it after the rule {later.name}, or take it out")
                break
            if later.ends:
                break


def deeds(rule: Rule) -> list[str]:
    """The keys of what a rule does."""
    done = {
        "refuse": rule.refuse,
        "hold": rule.hold,
        "print_directly": rule.print_directly,
        "send_to": rule.send_to,
        **{shape.how.value: True for shape in rule.shapes},
        "priority": rule.priority,
        "retention": rule.retention,
        "require_account": rule.require_account,
        "tag": rule.tags,
        "stop": rule.stop,
    }
    return [key for key, worth in done.items() if worth]


def _at_odds(shapes: tuple[Shape, ...]) -> Iterator[UnfitError]:
    by_name: dict[str, dict[How, Shape]] = {}
    for shape in shapes:
        by_name.setdefault(shape.name, {})[shape.how] = shape
    for name, ways in by_name.items():
        force, cap, default = (ways.get(how) for how in (How.FORCE, How.CAP, How.DEFAULT))
        if force and (cap or default):
            other = "cap" if cap else "default"
            fault = f"{name} is forced to {words(name, force.worth)}, so its {other} is never seen"
            yield UnfitError(fault, f"take the {other} or the force out")
        if cap and default and capped_at(name, default.worth, cap.worth) != default.worth:
            fault = f"the default of {name}, {words(name, default.worth)}, is above its cap, {words(name, cap.worth)}"
            yield UnfitError(fault, "lower the default or raise the cap")


def _at_the_wrong_time(rule: Rule) -> Iterator[UnfitError]:
    of_device = [name for name in (rule.when.asks_for if rule.when else ()) if FACTS[name].source is Source.DEVICE]
    if of_device and Stage.ARRIVAL in rule.stages:
        yield UnfitError(f"{of_device[0]} is known at release only", 'write stage = "release", or leave it out')
    if Stage.RELEASE not in rule.stages:
        return
    for key, worth in (("print_directly", rule.print_directly), ("retention", rule.retention)):
        if worth:
            yield UnfitError(f"{key} comes too late at release", 'write stage = "arrival"')


def _shuts_out(earlier: Rule, later: Rule) -> bool:
    """Whether `later` cannot apply where `earlier` has been asked: also where facts are not known."""
    if not later.stages <= earlier.stages or not _covers(earlier, later):
        return False
    if _always(earlier) or not later.uncertain or later.unknown is Unknown.SKIP:
        return True
    return earlier.unknown in (later.unknown, Unknown.MATCH)


def _covers(wider: Rule, narrower: Rule) -> bool:
    """Whether one is true wherever the other is."""
    if _always(wider):
        return True
    one, other = _tree(narrower), _tree(wider)
    return one is not None and other is not None and implies(one, other)


def _always(rule: Rule) -> bool:
    return rule.when is None or rule.when.constant is True


def _tree(rule: Rule) -> Node | None:
    return rule.when.tree if rule.when else None


def _overridable(rule: Rule) -> set[str] | None:
    """What of a rule a later one can undo; None: it does something that stays."""
    if rule.tags or rule.require_account or (rule.unknown is not Unknown.SKIP and rule.uncertain):
        return None
    if any(shape.how is How.CAP for shape in rule.shapes):
        return None
    undone = {f"{shape.how.value}.{shape.name}" for shape in rule.shapes}
    if rule.hold or rule.print_directly:
        undone.add("whether it waits")
    return undone | {key for key in ("send_to", "priority", "retention") if getattr(rule, key)}
