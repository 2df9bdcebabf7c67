"""conf/rules.toml: nothing in it is in force, every example of it works, and its table is what the code says."""

import re

import pytest

from ippgate.data import conf_folder
from ippgate.policy import read_rules
from ippgate.policy.key import KEYS
from ippgate.policy.reference import WIDTH, reference
from tests.unit.policy.playbook import play

TEXT = (conf_folder() / "rules.toml").read_text()
EXAMPLES = re.sub(r"(?m)^#(?=[^ \n])", "", TEXT)


def test_as_it_is_shipped_it_has_no_rules() -> None:
    assert len(read_rules(TEXT, "rules.toml")) == 0


def test_its_examples_are_sound_together_and_each_alone() -> None:
    together = read_rules(EXAMPLES, "rules.toml")
    assert len(together) >= 8
    for rule in EXAMPLES.split("[[rule]]")[1:]:
        assert len(read_rules(f"[[rule]]{rule}", "rules.toml")) == 1


def test_its_table_is_what_the_code_says() -> None:
    assert TEXT.endswith("\n\n" + reference()), "put ippgate.policy.reference.reference() at its end"
    assert max(map(len, TEXT.splitlines())) <= WIDTH + 2


@pytest.mark.parametrize("key", [key for key in KEYS.values() if key.action])
def test_every_form_in_its_table_can_be_written(key: object) -> None:
    key = KEYS[key.name]  # type: ignore[attr-defined]
    assert len(read_rules(f'[[rule]]\nname = "x"\n{key.name} = {key.form}\n', "rules.toml")) == 1


def test_its_examples_do_what_their_headings_say() -> None:
    play(
        read_rules(EXAMPLES, "rules.toml"),
        """
        >> print-job 600 pages
        << refused "Documents of more than 500 pages are printed by the print shop: take yours to room 12."

        >> print-job 500 pages with sides=one-sided
        << sides: one-sided → two-sided-long-edge
        << sent to production
        << priority 30

        >> print-job 12 pages said to be image/urf
        << held "The document is of another format than its sender says." (job-held-for-release)

        >> print-job 12 pages on guests
        << held "an account is needed: name one (job-account-id)" (account-info-needed)
        << kept for 7200 s
        << tagged guest

        >> print-job 12 pages from 192.168.50.9 charged to physics
        << kept for 7200 s
        << tagged guest

        >> print-job 21 pages
        << sides: not asked for → two-sided-long-edge

        >> print-job 21 pages with sides=two-sided-short-edge
        << as the queue has it

        >> print-job "Microsoft Outlook - Memo" 2 pages, 1 in colour with print_color_mode=color
        << print-color-mode: color → monochrome
        << tagged mail

        >> print-job 2 pages made by "Mozilla Thunderbird 128"
        << print-color-mode: not asked for → monochrome
        << tagged mail

        >> print-job 2 pages with copies=60
        << copies: 60 → 50

        >> print-job 2 pages at 2026-03-31 06:59
        << held "The print room is closed: your job waits until somebody releases it." (job-held-for-release)

        >> print-job 2 pages at 2026-04-04 12:00
        << held "The print room is closed: your job waits until somebody releases it." (job-held-for-release)

        >> print-job 2 pages at 2026-03-31 07:00
        << as the queue has it

        >> release at town hall
        << print-color-mode: not asked for → monochrome

        >> release at office
        << as the queue has it
        """,
    )
