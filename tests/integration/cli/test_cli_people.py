"""`ippgate person …` as an operator types it, with a server that hears of it."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import asyncpg

from tests.integration.cli.conftest import Operator
from tests.rig.documents import PDF
from tests.rig.eventually import eventually
from tests.rig.ipptool import ipptool
from tests.rig.process import Process


async def test_a_persons_life_at_the_command_line(operator: Operator) -> None:
    await operator("db", "migrate")
    anna = await operator.json(
        *("person", "add", "CORP\\Anna", "--full-name", "Anna Li", "--email", "anna@corp.example"),
        *("--group", "staff", "--group", "lab", "--alias", "ali", "--department", "R&D", "--language", "de"),
    )
    assert (anna["name"], anna["groups"], anna["aliases"]) == ("anna", ["lab", "staff"], ["ali"])
    assert (anna["active"], anna["password"], anna["pin"], anna["auto_release"]) == (True, False, False, False)
    assert (await operator.json("person", "show", "ALI"))["name"] == "anna"
    changed = await operator.json("person", "change", "anna", "--leave", "lab", "--inactive", "--auto-release")
    assert (changed["groups"], changed["active"], changed["auto_release"]) == (["staff"], False, True)
    await operator("person", "add", "bea", "--group", "staff")
    assert [each["name"] for each in await operator.json("person", "list", "--group", "staff")] == ["anna", "bea"]
    assert [each["name"] for each in await operator.json("person", "list", "--active")] == ["bea"]
    assert [each["name"] for each in await operator.json("person", "list", "--after", "anna")] == ["bea"]
    assert (await operator("person", "remove", "bea")).out == "bea is forgotten.\n"
    assert "there is no person bea" in await operator.refused("person", "show", "bea")
    assert "ali is another name of anna" in await operator.refused("person", "add", "ali")


async def test_who_is_shut_out_prints_no_more_while_the_gate_serves(
    operator: Operator, serving: Callable[..., Process]
) -> None:
    await operator("db", "migrate")
    await operator("queue", "add", "followme")
    await operator("person", "add", "jake", "--alias", "jsmith")
    serving()
    assert not (await ipptool(operator.uri(), "print-job.test", document=PDF, user="JSmith")).failed
    await operator("person", "change", "jake", "--inactive")

    async def refused() -> bool:
        return bool((await ipptool(operator.uri(), "print-job.test", document=PDF, user="JSmith")).failed)

    await eventually(refused, "the server to hear of it", within=10)
    assert not (await ipptool(operator.uri(), "print-job.test", document=PDF, user="anna")).failed


async def test_cards_and_pins_at_the_command_line(operator: Operator, tmp_path: Path) -> None:
    await operator("db", "migrate")
    for name in ("anna", "jake"):
        await operator("person", "add", name)
    pins = [(await operator.json("person", "pin", "anna"))["pin"] for _ in range(2)]
    assert all(re.fullmatch("[0-9]{6}", pin) for pin in pins)
    shown = await operator("person", "show", "anna")
    assert not any(pin in shown.out for pin in pins)
    code = await operator.json("card", "code", "anna")
    assert re.fullmatch("[0-9]{10}", code["code"])
    file = tmp_path / "cards.csv"
    file.write_text(
        "\ufeffPerson;Card\nanna;77705923\njake;77705924\nnobody;77705925\njake;77705923\nanna;x\n\nanna;77705923\n"
    )
    first = await operator("card", "import", file, "--profile", "decimal,octets=4", check=False)
    assert first.code == 1
    assert first.out.splitlines() == [
        "2 cards are registered, 1 were already, 3 rows are bad.",
        "  line 4: there is no person nobody: `ippgate person add` makes one",
        "  line 5: that card is anna's already (card 1)",
        "  line 6: that is too short for a card: 4 digits at least",
    ]
    again = await operator("card", "import", file, "--profile", "decimal", "--json", check=False)
    report = json.loads(again.out)
    assert (report["taken"], report["known"], report["bad"], [row["line"] for row in report["rows"]]) == (
        0,
        3,
        3,
        [4, 5, 6],
    )
    cards = await operator.json("card", "list")
    assert [(card["person"], card["label"]) for card in cards] == [("anna", "2C3"), ("jake", "2C4")]
    assert "77705923" not in (await operator("card", "list")).out
    assert (
        await operator("card", "remove", cards[0]["id"])
    ).out == "The card …2C3 of anna is worth nothing any more.\n"
    assert [card["person"] for card in await operator.json("card", "list", "anna")] == []
    assert (await operator("person", "pin", "anna", "--none")).out == "anna has no PIN.\n"


async def test_a_file_that_is_no_list_of_cards_is_refused_as_a_whole(operator: Operator, tmp_path: Path) -> None:
    await operator("db", "migrate")
    file = tmp_path / "cards.csv"
    file.write_text("anna,04A1B2C3\n")
    assert "the first line has to name the columns" in await operator.refused("card", "import", file)
    file.write_text("person,card\nanna,04A1B2C3\n")
    assert "'octal' is not understood" in await operator.refused("card", "import", file, "--profile", "octal")
    assert await operator.json("card", "list") == []


async def test_logins_of_a_device_and_sessions_at_the_command_line(operator: Operator, dsn: str) -> None:
    await operator("db", "migrate")
    await operator("device", "add", "copier", "socket://127.0.0.1:9", "--force")
    await operator("person", "add", "anna")
    set_ = await operator.json(
        "device", "logins", "copier", "--allow", "pin", "--deny", "password", "--profile", "decimal"
    )
    assert (set_["logins"], set_["card_profile"]) == (["card", "card-and-pin", "pin"], "decimal")
    assert (await operator.json("device", "show", "copier"))["logins"] == set_["logins"]
    assert "is not understood" in await operator.refused("device", "logins", "copier", "--profile", "octal")
    told = (await operator("device", "logins", "copier", "--auto-release")).out
    assert told.endswith("; a login prints all that waits.\n")
    assert (await operator.json("device", "show", "copier"))["auto_release"]
    assert (await operator("device", "logins", "copier", check=False)).code == 2
    assert (await operator("session", "list")).err == "Nobody has logged in.\n"
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "INSERT INTO session (digest, kind, person_id, device_id, idle, ends_at)"
        " SELECT sha256(n::text::bytea), 'panel', 1, 1, 60, now() + interval '1 h' FROM generate_series(1, 3) AS n"
    )
    await connection.close()
    sessions = await operator.json("session", "list", "anna")
    assert [(each["person"], each["kind"], each["device"]) for each in sessions] == [("anna", "panel", "copier")] * 3
    assert (await operator("session", "revoke", sessions[0]["id"])).out == "1 sessions have ended.\n"
    assert "there is no session" in await operator.refused("session", "revoke", sessions[0]["id"])
    assert (await operator.json("session", "revoke", "--person", "Anna")) == {"ended": 2}
    assert (await operator("session", "revoke", check=False)).code == 2
    assert await operator.json("session", "list") == []


async def test_delegates_at_the_command_line(operator: Operator) -> None:
    await operator("db", "migrate")
    for name in ("anna", "ben"):
        await operator("person", "add", name)
    assert (await operator("delegate", "add", "Anna", "CORP\\Ben")).out == "ben may see and release what anna holds.\n"
    for words in ((), ("--of", "anna"), ("--for", "ben")):
        (listed,) = await operator.json("delegate", "list", *words)
        assert (listed["person"], listed["delegate"]) == ("anna", "ben")
    assert await operator.json("delegate", "list", "--for", "anna") == []
    assert "there is no person carl" in await operator.refused("delegate", "add", "anna", "carl")
    assert (await operator("delegate", "remove", "anna", "ben")).out == "ben stands for anna no more.\n"
    assert "ben does not stand for anna" in await operator.refused("delegate", "remove", "anna", "ben")


async def test_what_a_person_wants_of_everything_goes_into_what_does_not_say(
    operator: Operator, serving: Callable[..., Process]
) -> None:
    await operator("db", "migrate")
    await operator("queue", "add", "followme")
    await operator("person", "add", "anna")
    told = await operator("person", "set", "anna", "--default", "sides=two", "--default", "Copies=2")
    assert told.out == "What anna sends is printed with copies=2, sides=two-sided-long-edge, where it does not say.\n"
    await operator(
        "person", "set", "anna", "--default", "color=mono", "--default", "copies=", "--default", "quality=high"
    )
    wanted = ["sides=two-sided-long-edge", "print-color-mode=monochrome", "print-quality=5"]
    assert (await operator.json("person", "show", "anna"))["defaults"] == wanted
    for bad in ("job-hold-until=indefinite", "copies=100", "copies=many", "print-quality=5", "sides=inside out"):
        await operator.refused("person", "set", "anna", "--default", bad)
    assert (await operator("person", "set", "anna", "--default", "sides", check=False)).code == 2
    serving()
    for user in ("Anna", "bea"):
        assert not (await ipptool(operator.uri(), "print-job.test", document=PDF, user=user)).failed
    asked = {job["user"]: (await operator.json("job", "show", job["id"])) for job in await operator.json("job", "list")}
    # its client says copies; she had taken back what she wanted of these
    assert (asked["anna"]["asks_for"], asked["bea"]["asks_for"]) == (["copies=1", *wanted], ["copies=1"])


async def test_the_doctor_says_why_somebody_s_jobs_do_not_show_and_why_they_cannot_log_in(operator: Operator) -> None:
    await operator("db", "migrate")
    await operator("person", "add", "anna")
    done = await operator("doctor", "user", "Anna", check=False)
    assert done.code == 1
    assert "warn  jobs: nothing of theirs waits\n      → " in done.out
    assert "fail  login: anna has no card, no PIN and no password" in done.out
    assert "is no name of a person" in await operator.refused("doctor", "user", "...")
