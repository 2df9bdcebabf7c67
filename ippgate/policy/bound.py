"""How much of everything rules may be and cost: each bound with its reason."""

from typing import Final

MAX_FILE: Final = 256 * 1024
"""Octets of a rules file: 200 rules with generous comments."""

MAX_RULES: Final = 200
"""Rules of one file: what one person can still oversee."""

MAX_PROBLEMS: Final = 100
"""Problems that are named at once; more would not be read."""

MAX_NAME: Final = 80
"""Characters of a rule's name: it stands in sentences."""

MAX_SENTENCE: Final = 300
"""Characters of a sentence for people: it becomes job-state-message, text(1023) of up to three octets a character."""

MAX_TARGET: Final = 127
"""Characters of a device's or group's name."""

MAX_TAGS: Final = 8
"""Tags that one rule gives."""

MAX_TAG: Final = 32
"""Characters of a tag."""

MAX_RETENTION: Final = 365 * 86_400
"""Seconds that a rule lets a job be kept."""

MAX_CONDITION: Final = 1000
"""Characters of a condition. The engine's own recursion overflows its stack at some ten thousand."""

MAX_DEPTH: Final = 12
"""Brackets within brackets of a condition."""

MAX_PATTERN: Final = 100
"""Characters of a pattern of like() and matches()."""

MAX_STEPS: Final = 20_000
"""What one condition may cost at the worst, in steps of about a quarter of a microsecond: 5 ms."""

MAX_STEPS_IN_ALL: Final = 100_000
"""What all conditions of a file may cost at the worst: 25 ms."""

MAX_OUTLOOKS: Final = 64
"""Sets of unknown facts for which all conditions are put into one: more do not occur but on purpose."""

MAX_TEXT: Final = 1024
"""Characters of a text among the facts; a longer one is cut. IPP's texts have 1023 octets."""

MAX_ITEMS: Final = 512
"""Items of a list among the facts; a longer one counts as not known."""
