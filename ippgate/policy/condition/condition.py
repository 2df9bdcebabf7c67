"""A condition, read and checked once, evaluated for each job."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ippgate.policy.bound import MAX_STEPS
from ippgate.policy.condition import engine
from ippgate.policy.condition.check import check_condition
from ippgate.policy.condition.cost import steps
from ippgate.policy.condition.native import native
from ippgate.policy.condition.parser import parse_condition
from ippgate.policy.condition.tree import Call, Has, Literal, Name, Node, walk, written
from ippgate.policy.fact import FACTS
from ippgate.policy.problem import UnfitError

if TYPE_CHECKING:
    import cel

_SAID = 100


class FailedError(Exception):
    """A condition could not be evaluated. Its text is made when somebody reads it: most are conditions that lack a
    fact, and of those nobody does.
    """

    def __init__(self, why: str | BaseException) -> None:
        super().__init__(why)
        self._why = why

    @property
    def lacks(self) -> bool:
        """Whether something that it needs is absent."""
        return isinstance(self._why, KeyError)

    def __str__(self) -> str:
        if isinstance(self._why, str):
            return self._why
        return f"{type(self._why).__name__}: {self._why}".partition("\n")[0][:_SAID]


@dataclass(frozen=True, slots=True)
class Condition:
    """When a rule applies. Equal conditions say the same, however they were typed."""

    tree: Node
    source: str = field(compare=False)  # as the operator wrote it
    reads: tuple[str, ...] = field(compare=False)  # facts whose worth it asks for
    asks_for: tuple[str, ...] = field(compare=False)  # those and the ones that has() asks about
    steps: int = field(compare=False)
    program: "cel.Program" = field(compare=False, repr=False)

    def holds(self, context: "cel.Context") -> bool:
        """Whether it is true of these facts. Raises FailedError and nothing else."""
        try:
            answer = self.program.execute(context)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - a panic of the engine is no Exception, and must not end a worker
            raise FailedError(error) from None
        if not isinstance(answer, bool):
            raise FailedError(f"it gave a {type(answer).__name__}")
        return answer

    @property
    def asks_after(self) -> tuple[str, ...]:
        """Facts of which it asks whether they are known."""
        return tuple(node.path for node in walk(self.tree) if isinstance(node, Has))

    @property
    def constant(self) -> bool | None:
        """What it is whatever the facts are; None: that depends on them."""
        if self.asks_for:
            return None
        try:
            return self.holds(engine.nothing())
        except FailedError:
            return None


def condition(source: str) -> Condition:
    """Read a condition. Raises UnfitError with what is wrong and what to do about it."""
    tree = parse_condition(source)
    check_condition(tree)
    cost = steps(tree)
    if cost > MAX_STEPS:
        fault = f"the condition could take {cost} steps; {MAX_STEPS} are allowed"
        raise UnfitError(fault, "look into fewer lists at once, or use like() in the place of matches()")
    names = {node.path: True for node in walk(tree) if isinstance(node, Name) and node.path in FACTS}
    asked = names | {node.path: True for node in walk(tree) if isinstance(node, Has)}
    made = Condition(tree, source, tuple(names), tuple(asked), cost, compiled(tree))
    _check_patterns(tree)
    return made


def compiled(tree: Node) -> "cel.Program":
    """A tree as the engine evaluates it. Raises UnfitError."""
    try:
        return engine.program(written(native(tree)))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - see Condition.holds
        said = " ".join(str(error).split())[-_SAID:]
        raise UnfitError(f"the engine does not take the condition ({said})", "write it more simply") from None


def _check_patterns(tree: Node) -> None:
    for node in walk(tree):
        if isinstance(node, Call) and node.function == "matches":
            pattern = node.arguments[1]
            try:
                compiled(Call("matches", (Literal(""), pattern), method=True)).execute()
            except RuntimeError:
                fault = f"{written(pattern)} is no regular expression"
                raise UnfitError(fault, "close every bracket, or use like()") from None
