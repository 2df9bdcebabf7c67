"""Rules: facts about a job in, a decision and its explanation out. Pure.

bound       how much rules may be and cost
facts       what a rule may know about a job, gathered by the services
fact        the facts by name: the only list; reckon works out those that follow from others
condition   CEL, read, checked and costed before its engine sees it
context     the facts as that engine gets them
key, worth  the keys of a rule and what they may hold: the only lists
lines       where in the file they stand
rule        a rule, and the rules of a file
coherence   what contradicts, and what can never apply
read        a file's text → RuleSet, or every problem there is
shape       force, cap and default, applied to a template
decide      rules and facts → decision
decision    the decision, its plain form, its explanation
"""

from ippgate.policy.decide import decide
from ippgate.policy.decision import (
    Decision,
    Outcome,
    Result,
    Step,
    applied,
    explain,
    from_plain,
    joined,
    to_plain,
)
from ippgate.policy.fact import FACTS, Source
from ippgate.policy.facts import DeviceFacts, Facts, JobFacts, QueueFacts, UserFacts, arriving, leaving
from ippgate.policy.problem import Problem, RulesError
from ippgate.policy.read import read_rules
from ippgate.policy.rule import NO_RULES, Rule, RuleSet, Stage, needs

__all__ = [
    "FACTS",
    "NO_RULES",
    "Decision",
    "DeviceFacts",
    "Facts",
    "JobFacts",
    "Outcome",
    "Problem",
    "QueueFacts",
    "Result",
    "Rule",
    "RuleSet",
    "RulesError",
    "Source",
    "Stage",
    "Step",
    "UserFacts",
    "applied",
    "arriving",
    "decide",
    "explain",
    "from_plain",
    "joined",
    "leaving",
    "needs",
    "read_rules",
    "to_plain",
]
