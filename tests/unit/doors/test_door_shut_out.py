"""Who is shut out prints nothing and changes nothing, by whatever name of theirs; what everybody may ask, they may."""

import pytest

from ippgate.ipp import Attribute, Operation, Status
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.owner import Alias, OwnerRules, Owners
from tests.unit.doors.client import sentence_of, status_of
from tests.unit.doors.gate import Gate

FORBIDDEN, OK = Status.CLIENT_ERROR_FORBIDDEN, Status.SUCCESSFUL_OK
ALIASES = Owners(OwnerRules(), [Alias("jsmith", "jake"), Alias("shared", "jake", queue="followme")])


def user(said: str) -> Attribute:
    return attribute(A.REQUESTING_USER_NAME, said)


@pytest.mark.parametrize("said", ["jake", "CORP\\Jake", "jsmith", "shared"])
async def test_nothing_is_printed_listed_or_cancelled(said: str) -> None:
    async with Gate(owners=ALIASES, shut_out={"jake"}) as gate:
        for operation in (Operation.PRINT_JOB, Operation.CREATE_JOB, Operation.VALIDATE_JOB, Operation.GET_JOBS):
            answer = await gate.operate(operation, user=user(said), document=b"%PDF")
            assert status_of(answer) == FORBIDDEN, operation
            assert "jake is shut out" in sentence_of(answer)
        assert gate.memory.jobs == {}
        mine = attribute(A.JOB_ID, await gate.print(user=user("anna")))
        assert status_of(await gate.operate(Operation.CANCEL_JOB, mine, user=user(said))) == FORBIDDEN


async def test_others_print_and_what_everybody_may_ask_is_answered() -> None:
    async with Gate(owners=ALIASES, shut_out={"jake"}) as gate:
        assert status_of(await gate.operate(Operation.GET_PRINTER_ATTRIBUTES, user=user("jake"))) == OK
        assert status_of(await gate.operate(Operation.CUPS_GET_PRINTERS, user=user("jake"))) == OK
        assert await gate.print(user=user("anna"))
