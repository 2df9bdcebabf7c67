"""Operators see what rules make of jobs, on the real thing; a change of the file takes effect in every worker."""

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Operator
from tests.integration.cli.test_cli_gate import furnished, printed
from tests.integration.intake.test_intake_examining import pdf
from tests.rig.eventually import eventually
from tests.rig.ipptool import ipptool
from tests.rig.process import Process
from tests.rig.sink import Sink

RULES = """
[[rule]]
name = "Long jobs on both sides"
when = "job.pages > 2"
default = { sides = "two-sided-long-edge" }

[[rule]]
name = "Guests print in black"
when = 'user.name.like("guest*")'
force = { print_color_mode = "monochrome" }
priority = 10

[[rule]]
name = "Guests wait"
when = 'user.name.like("guest*")'
hold = "Guests ask at the desk."
tag = "guest"

[[rule]]
name = "Too long"
when = "job.pages > 5"
refuse = "More than 5 pages: ask the print shop."
"""


@pytest.fixture
def paper(tmp_path: Path) -> Callable[[int], Path]:
    def made(pages: int) -> Path:
        file = tmp_path / f"{pages}.pdf"
        file.write_bytes(pdf(pages))
        return file

    return made


async def test_why_a_job_is_as_it_is_can_be_explained(
    operator: Operator, serving: Callable[..., Process], sink: Sink, paper: Callable[[int], Path]
) -> None:
    (operator.home / "rules.toml").write_text(RULES)
    await furnished(operator, sink)
    serving()
    await printed(operator, paper(3), user="guest7")
    await printed(operator, paper(1))
    told = (await operator("rule", "explain", 1)).out
    assert "The rule “Long jobs on both sides” applied" in told
    assert "→ two-sided-long-edge, by the rule “Long jobs on both sides”" in told
    assert "The rule “Guests print in black” applied" in told
    assert "→ monochrome, by the rule “Guests print in black”" in told
    assert "The rule “Guests wait” applied: holds: Guests ask at the desk." in told
    assert "The job is held: Guests ask at the desk." in told
    assert (await operator("rule", "explain", 2)).out == "No rule had a say about job 2.\n"
    [decision] = await operator.json("rule", "explain", 1)
    assert (decision["stage"], decision["outcome"], decision["tags"]) == ("arrival", "hold", ["guest"])

    async def examined() -> bool:  # its pages are drawn when there is time
        return bool((await operator.json("job", "show", 1))["pages"] == 3)

    await eventually(examined, "the pages of the job")
    shown = await operator.json("job", "show", 1)
    assert (shown["message"], shown["tags"]) == ("Guests ask at the desk.", ["guest"])
    assert shown["priority"] == 10
    assert {"sides=two-sided-long-edge", "print-color-mode=monochrome"} <= set(shown["asks_for"])
    assert "there is no job 99" in await operator.refused("rule", "explain", 99)


async def test_what_rules_would_make_of_a_job_can_be_tried(
    operator: Operator, serving: Callable[..., Process], sink: Sink, paper: Callable[[int], Path], tmp_path: Path
) -> None:
    await furnished(operator, sink)
    serving()
    await printed(operator, paper(6))
    other = tmp_path / "other.toml"
    other.write_text(RULES)
    tried = (await operator("rule", "try", "--job", 1, "--file", other)).out
    assert "refused: More than 5 pages: ask the print shop." in tried
    assert (await operator.json("job", "show", 1))["state"] == "pending-held"
    [arrival, release] = await operator.json("rule", "try", "--job", 1, "--device", "sink")
    assert (arrival["outcome"], release["outcome"]) == ("none", "none")
    assert (await operator("rule", "try", "--job", 1, "--user", "anna", check=False)).code == 2


async def test_a_client_hears_why_a_rule_refuses_its_job(
    operator: Operator, serving: Callable[..., Process], sink: Sink, paper: Callable[[int], Path]
) -> None:
    (operator.home / "rules.toml").write_text(RULES)
    await furnished(operator, sink)
    serving()
    verdicts = await ipptool(operator.uri(), "print-job.test", document=paper(6), user="jake")
    assert [verdict.status for verdict in verdicts.all] == ["client-error-forbidden"]
    assert "More than 5 pages: ask the print shop." in str(verdicts)


@pytest.mark.parametrize("workers", [1, 2])
async def test_new_rules_are_in_force_in_every_worker_after_sighup(
    operator: Operator, serving: Callable[..., Process], sink: Sink, paper: Callable[[int], Path], workers: int
) -> None:
    await furnished(operator, sink)
    server = serving("--workers", str(workers), env={"IPPGATE_RULES_POLL": "3600"})  # no worker looks by itself
    await printed(operator, paper(6))
    file = operator.home / "rules.toml"
    file.write_text(RULES)
    server.send(signal.SIGHUP)

    async def refused_each_time() -> bool:
        tried = [await ipptool(operator.uri(), "print-job.test", document=paper(6)) for _ in range(6)]
        return all(verdicts.failed for verdicts in tried)

    await eventually(refused_each_time, "every worker to read the rules", within=30)
    file.write_text(RULES + "\n[[rule]]\nname = 'broken'\nwhen = 'job.pagse > 1'\n")
    server.send(signal.SIGHUP)
    assert await refused_each_time(), "the former rules are no longer in force"
    checked = await operator("rule", "check", "--json", check=False)
    assert checked.code == 1
    assert "job.pages" in json.loads(checked.out)["problems"][0]["remedy"]
