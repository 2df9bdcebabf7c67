"""The public files for notifications, and the subscription attributes that ipp-2.1.test asks for."""

from pathlib import Path

from tests.acceptance.conftest import Adding
from tests.rig.gate import Gate
from tests.rig.ipptool import STOCK, ipptool, stock

SLIP = {"EXPECT notify-event OF-TYPE keyword": "EXPECT notify-subscribed-event OF-TYPE keyword"}
"""The file looks for an attribute `notify-event`, which no printer sends (RFC 3996 table 3 has another name)."""

HEAD = """
\tGROUP operation-attributes-tag
\tATTR charset attributes-charset utf-8
\tATTR language attributes-natural-language en
\tATTR uri printer-uri $uri
"""


async def test_a_subscription_is_made_found_and_told_what_happens(gate: Gate, add_queue: Adding) -> None:
    queue = await add_queue()
    made = await ipptool(gate.uri(queue), "create-printer-subscription.test", user="jake")
    assert (made.passed, made.failed) == (["Create a pull printer subscription"], []), str(made)
    subscription = made.answer["notify-subscription-id"]
    found = await ipptool(gate.uri(queue), "get-subscriptions.test", user="jake")
    assert not found.failed, str(found)
    assert found.answer["notify-subscription-id"] == subscription
    await gate.cli("queue", "pause", queue)
    asked = {"id": str(subscription)}
    told = await ipptool(gate.uri(queue), stock("get-notifications.test", SLIP), variables=asked, user="jake")
    assert not told.failed, str(told)
    assert told.answer["notify-subscribed-event"] == "printer-state-changed"
    assert told.answer["notify-text"] == f"The printer {queue} is stopped (paused)."
    unmended = await ipptool(gate.uri(queue), "get-notifications.test", variables=asked, user="jake")
    assert unmended.failed == ["Get events using Get-Notifications"]
    assert "notify-event" in str(unmended)


async def test_a_subscription_to_an_address_is_refused(gate: Gate, add_queue: Adding) -> None:
    pushed = {"recipient": "mailto:anna@example.com"}
    refused = await ipptool(
        gate.uri(await add_queue()), "create-printer-subscription.test", variables=pushed, user="jake"
    )
    [verdict] = [verdict for verdict in refused.all if not verdict.skipped]
    assert verdict.status == "client-error-ignored-all-subscriptions"


async def test_a_job_brings_subscriptions_as_ipptool_writes_them(gate: Gate, add_queue: Adding) -> None:
    text = f"""{{
\tNAME "Create a job with two subscriptions"
\tOPERATION Create-Job
{HEAD}
\tATTR name requesting-user-name $user
\tGROUP subscription-attributes-tag
\tATTR keyword notify-pull-method ippget
\tATTR keyword notify-events job-created,job-completed
\tGROUP subscription-attributes-tag
\tATTR uri notify-recipient-uri mailto:anna@example.com
\tSTATUS successful-ok-ignored-subscriptions
\tEXPECT job-id OF-TYPE integer IN-GROUP job-attributes-tag WITH-VALUE >0
\tEXPECT notify-subscription-id OF-TYPE integer IN-GROUP subscription-attributes-tag WITH-VALUE >0
\tEXPECT notify-status-code OF-TYPE enum IN-GROUP subscription-attributes-tag WITH-VALUE 0x040C
}}
{{
\tNAME "Subscribe to the job once more"
\tOPERATION Create-Job-Subscription
{HEAD}
\tATTR name requesting-user-name $user
\tATTR integer notify-job-id $job-id
\tGROUP subscription-attributes-tag
\tATTR keyword notify-pull-method ippget
\tSTATUS successful-ok
\tEXPECT notify-subscription-id OF-TYPE integer IN-GROUP subscription-attributes-tag WITH-VALUE >0
}}
"""
    verdicts = await ipptool(gate.uri(await add_queue()), text, user="jake")
    assert (len(verdicts.passed), verdicts.failed) == (2, []), str(verdicts)


async def test_what_ipp_2_1_asks_for_of_subscriptions_is_there(gate: Gate, add_queue: Adding) -> None:
    """The lines of ipp-2.1.test that are about notifications, in a request of their own."""
    lines = (STOCK / "ipp-2.1.test").read_text().splitlines()
    about = [line for line in lines if "notify-" in line or ("operations-supported" in line and _is_ours(line))]
    assert len(about) == 12
    text = "\n".join(
        [
            "{",
            '\tNAME "Subscriptions"',
            "\tOPERATION Get-Printer-Attributes",
            HEAD,
            "\tSTATUS successful-ok",
            *about,
            "}",
        ]
    )
    verdicts = await ipptool(gate.uri(await add_queue()), text, user="jake")
    assert not verdicts.failed, str(verdicts)
    assert verdicts.passed == ["Subscriptions"]


def _is_ours(line: str) -> bool:
    return any(f"0x00{code:02X}" in line for code in range(0x16, 0x1D))


def test_the_stock_files_are_on_this_machine() -> None:
    names = ("create-printer-subscription.test", "get-notifications.test", "get-subscriptions.test", "ipp-2.1.test")
    assert [name for name in names if not (Path(STOCK) / name).exists()] == []
