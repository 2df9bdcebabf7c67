"""What rules make of jobs, told as plays."""

import pytest

from ippgate.policy import read_rules
from tests.unit.policy.playbook import play


def test_a_gate_without_rules_leaves_every_job_alone() -> None:
    play(
        read_rules("", "rules.toml"),
        """
        >> print-job 600 pages
        << as the queue has it
        >> release at hall
        << as the queue has it
        """,
    )


LIMITS = """
[[rule]]
name = "Students"
when = '"students" in user.groups'
tag = "student"
cap = { copies = 5 }

[[rule]]
name = "Staff is free"
when = '"staff" in user.groups'
print_directly = true
stop = true

[[rule]]
name = "Long"
when = "job.pages * job.copies > 500"
refuse = "Print it at the shop."

[[rule]]
name = "Nights"
when = 'now.hour >= 20'
hold = "Closed."

[[rule]]
name = "Urgent"
when = 'job.name.like("urgent*")'
print_directly = true
priority = 90
"""


def test_rules_are_asked_in_order_until_one_stops_or_refuses() -> None:
    play(
        read_rules(LIMITS, "rules.toml"),
        """
        >> print-job 600 pages
        << refused "Print it at the shop."

        >> print-job 600 pages by ann of staff
        << printed directly

        >> print-job 300 pages with copies=2 by ben of students
        << refused "Print it at the shop."
        << tagged student

        >> print-job 10 pages with copies=9 by ben of students
        << copies: 9 → 5
        << tagged student
        """,
    )


def test_of_rules_that_differ_the_later_one_wins_and_a_refusal_is_final() -> None:
    play(
        read_rules(LIMITS, "rules.toml"),
        """
        >> print-job 3 pages at 2026-03-31 20:00
        << held "Closed." (job-held-for-release)

        >> print-job "URGENT letter" 3 pages at 2026-03-31 20:00
        << printed directly
        << priority 90

        >> print-job "URGENT letter" 501 pages at 2026-03-31 20:00
        << refused "Print it at the shop."
        """,
    )


def test_a_rule_that_cannot_be_judged_holds_the_job_whatever_the_others_say() -> None:
    play(
        read_rules(LIMITS, "rules.toml"),
        """
        >> print-job
        << held "the rule “Long” could not be judged: job.pages is not known (encrypted)" (job-held-for-review)

        >> print-job "urgent"
        << held "the rule “Long” could not be judged: job.pages is not known (encrypted)" (job-held-for-review)
        << priority 90

        >> print-job by ann of staff
        << printed directly
        """,
    )


@pytest.mark.parametrize(
    ("unknown", "came"),
    [
        ("match", 'refused "No."'),
        ("skip", "as the queue has it"),
        (
            "hold",
            'held "the rule “Long” could not be judged: job.pages is not known (encrypted)" (job-held-for-review)',
        ),
    ],
)
def test_a_rule_says_itself_what_an_unknown_fact_means(unknown: str, came: str) -> None:
    rule = f'[[rule]]\nname = "Long"\nwhen = "job.pages > 500"\nunknown = "{unknown}"\nrefuse = "No."\n'
    play(read_rules(rule, "rules.toml"), f'>> print-job\n<< {came}\n>> print-job 501 pages\n<< refused "No."')


def test_reckoning_that_fails_holds_the_job_and_says_so() -> None:
    rule = '[[rule]]\nname = "Odd"\nwhen = "100 / (job.pages - 1) > 5"\nprint_directly = true\n'
    play(
        read_rules(rule, "rules.toml"),
        """
        >> print-job 2 pages
        << printed directly
        >> print-job 1 page
        << held "the rule “Odd” could not be judged: its condition could not be evaluated" (job-held-for-review)
        """,
    )


def test_the_device_is_judged_at_release() -> None:
    text = """
[[rule]]
name = "Mono in the hall"
when = 'device.name == "hall"'
cap = { print_color_mode = "monochrome" }

[[rule]]
name = "No posters in the hall"
when = 'device.name == "hall" && job.media == "iso_a3_297x420mm"'
refuse = "The hall has no A3."

[[rule]]
name = "Guests are asked twice"
stage = "both"
when = 'user.name == "guest"'
require_account = true
"""
    play(
        read_rules(text, "rules.toml"),
        """
        >> print-job 3 pages with print_color_mode=color
        << as the queue has it
        >> release at hall
        << print-color-mode: color → monochrome
        >> release at office
        << as the queue has it

        >> print-job 3 pages with media=iso_a3_297x420mm
        << as the queue has it
        >> release at hall
        << refused "The hall has no A3."

        >> print-job 3 pages by guest
        << held "an account is needed: name one (job-account-id)" (account-info-needed)
        >> release at office
        << held "an account is needed: name one (job-account-id)" (account-info-needed)

        >> print-job 3 pages by guest charged to physics
        << as the queue has it
        >> release at office
        << as the queue has it
        """,
    )
