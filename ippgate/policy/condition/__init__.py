"""Conditions: CEL read, checked and costed here before the engine sees any of it.

lexer, parser   text → tree: the part of CEL that rules may use
tree            the tree, and the tree written as CEL
function        the functions there are
check           every name and kind
cost            what it may take at the worst
imply           what one condition says of another
engine          the engine, loaded late
condition       all of it, and the evaluation
"""

from ippgate.policy.condition.condition import Condition, FailedError, condition

__all__ = ["Condition", "FailedError", "condition"]
