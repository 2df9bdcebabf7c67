"""Conditions: CEL read, checked and costed here before the engine sees any of it.

lexer, parser   text → tree: the part of CEL that rules may use
tree            the tree, and the tree written as CEL
function        the functions there are
check           every name and kind
cost            what it may take at the worst
imply           what one condition says of another
native          patterns in the engine's own words
engine          the engine, loaded late
condition       all of it, and the evaluation
outlook         whether any of several can matter, asked at once
"""

from ippgate.policy.condition.condition import Condition, FailedError, condition
from ippgate.policy.condition.outlook import can_matter

__all__ = ["Condition", "FailedError", "can_matter", "condition"]
