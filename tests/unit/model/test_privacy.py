"""What of a job is private, and who sees it (RFC 8011 section 9.4, PWG 5100.11)."""

from dataclasses import replace

import pytest

from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.enums import JobState
from ippgate.model.job import Caller
from ippgate.model.privacy import ALWAYS, Privacy, Scope
from tests.unit.model.nouns import job

JAKE, ANNA, OLGA = Caller("jake"), Caller("anna"), Caller("olga", operator=True)
JAKES = replace(job("application/pdf"), owner="jake")
CLAIRE = Caller("claire", proven=True, stands_for=frozenset({"jake"}))


@pytest.mark.parametrize(
    ("attributes", "hidden", "shown"),
    [
        (
            ("default",),
            (A.JOB_NAME, A.DOCUMENT_NAME_SUPPLIED, A.DOCUMENT_NAME),
            (A.JOB_STATE, A.COPIES, A.JOB_K_OCTETS),
        ),
        (("none",), (), (A.JOB_NAME, A.COPIES)),
        (("none", "all"), (), (A.JOB_NAME,)),
        (("all",), (A.JOB_NAME, A.COPIES, A.JOB_ORIGINATING_USER_NAME, "x-vendor"), tuple(ALWAYS)),
        (("job-template",), (A.COPIES, A.MEDIA_COL), (A.JOB_NAME, A.JOB_STATE)),
        (("job-description",), (A.JOB_NAME, A.JOB_K_OCTETS), (A.COPIES, A.JOB_STATE, A.JOB_ID)),
        (("default", A.COPIES), (A.JOB_NAME, A.COPIES), (A.SIDES,)),
        ((A.JOB_STATE,), (), (A.JOB_STATE,)),
    ],
)
def test_what_is_private(attributes: tuple[str, ...], hidden: tuple[str, ...], shown: tuple[str, ...]) -> None:
    privacy = Privacy(attributes)
    assert all(privacy.hides(name) for name in hidden)
    assert not any(privacy.hides(name) for name in shown)


@pytest.mark.parametrize(
    ("scope", "operators", "jake", "anna", "olga"),
    [
        (Scope.OWNER, True, True, False, True),
        (Scope.DEFAULT, True, True, False, True),
        (Scope.ALL, False, True, True, True),
        (Scope.NONE, True, False, False, True),
        (Scope.NONE, False, False, False, False),
        (Scope.OWNER, False, True, False, False),
    ],
)
def test_who_sees_it(scope: Scope, operators: bool, jake: bool, anna: bool, olga: bool) -> None:
    privacy = Privacy(scope=scope, operators=operators)
    assert [privacy.sees(caller, JAKES) for caller in (JAKE, ANNA, OLGA)] == [jake, anna, olga]


def test_an_operator_sees_their_own_jobs_whatever_operators_see() -> None:
    assert Privacy(operators=False).sees(OLGA, replace(JAKES, owner="olga"))


def test_only_what_an_operator_names_is_looked_at() -> None:
    asks = Privacy(operators=False)
    assert asks.looks(OLGA, (A.JOB_NAME, A.JOB_STATE, "all")) == {A.JOB_NAME}
    assert asks.looks(OLGA, ("all", "job-description")) == frozenset()
    assert asks.looks(ANNA, (A.JOB_NAME,)) == frozenset()
    assert Privacy().looks(OLGA, (A.JOB_NAME,)) == frozenset()


@pytest.mark.parametrize(
    ("state", "released_by", "seen"),
    [
        (JobState.PENDING_HELD, "", True),
        (JobState.PENDING_HELD, "jake", True),
        (JobState.PENDING, "", False),
        (JobState.PROCESSING, "jake", False),
        (JobState.PROCESSING, "claire", True),
        (JobState.COMPLETED, "jake", False),
        (JobState.COMPLETED, "claire", True),
    ],
)
def test_who_stands_for_another_sees_what_is_held_and_what_they_released(
    state: JobState, released_by: str, seen: bool
) -> None:
    his = replace(JAKES, state=state, released_by=released_by)
    assert CLAIRE.sees(his) is seen
    assert Privacy().sees(CLAIRE, his) is seen
    assert not Privacy(scope=Scope.NONE).sees(CLAIRE, his)
    assert not CLAIRE.sees(replace(his, owner="anna"))
    assert not replace(CLAIRE, stands_for=frozenset()).sees(his)
    assert not CLAIRE.owns(his.owner)
