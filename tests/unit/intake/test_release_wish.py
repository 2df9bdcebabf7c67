"""What a creation request says about its release: taken, or refused without a word of the password (PWG 5100.11)."""

import hashlib
from collections.abc import Iterable

import pytest

from ippgate.intake.release_wish import ReleaseWish, offered_password, release_wish, without_secrets
from ippgate.ipp import UNSUPPORTED, Attribute, Group, IppError, Status, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry import reasons as R
from ippgate.model.job_password import JobPassword, Repertoire
from ippgate.model.release_action import ReleaseAction, action_reasons

PIN = b"2580"
BAD, NOT_SUPPORTED = Status.CLIENT_ERROR_BAD_REQUEST, Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
PASSWORD = ReleaseAction.JOB_PASSWORD


def action(keyword: str) -> Attribute:
    return attribute(A.JOB_RELEASE_ACTION, keyword)


def encryption(keyword: str) -> Attribute:
    return attribute(A.JOB_PASSWORD_ENCRYPTION, keyword)


def password(octets: bytes = PIN) -> Attribute:
    return Attribute(A.JOB_PASSWORD, (Value(Tag.OCTET_STRING, octets),))


def wish(
    *operation: Attribute,
    job: Iterable[Attribute] = (),
    secure: bool = True,
    repertoire: Repertoire = Repertoire.DIGITS,
    default: ReleaseAction | None = None,
) -> ReleaseWish:
    groups = (Group(Tag.OPERATION, list(operation)), Group(Tag.JOB, list(job)))
    return release_wish(groups, secure=secure, repertoire=repertoire, default=default)


def refused(*operation: Attribute, **how: object) -> IppError:
    with pytest.raises(IppError) as caught:
        wish(*operation, **how)  # type: ignore[arg-type]  # passed on
    shown = caught.value.unsupported or []
    assert all(each.values == (UNSUPPORTED,) for each in shown if each.name == A.JOB_PASSWORD)
    assert PIN.decode() not in caught.value.sentence
    return caught.value


def names(error: IppError) -> list[str]:
    return [each.name for each in error.unsupported or []]


def test_nothing_said_is_no_action_but_what_the_queue_is_set_to() -> None:
    assert wish() == ReleaseWish()
    assert wish(default=ReleaseAction.BUTTON_PRESS) == ReleaseWish(ReleaseAction.BUTTON_PRESS)
    assert wish(action("none"), default=ReleaseAction.BUTTON_PRESS) == ReleaseWish()


@pytest.mark.parametrize("keyword", ["button-press", "owner-authorized"])
def test_an_action_is_taken_as_it_is(keyword: str) -> None:
    assert wish(action(keyword), secure=False) == ReleaseWish(ReleaseAction(keyword))


def test_a_password_is_taken_with_its_action_and_alone_as_cups_sends_it() -> None:
    taken = ReleaseWish(PASSWORD, JobPassword("none", PIN))
    assert wish(action("job-password"), password(), encryption("none")) == taken
    assert wish(password(), encryption("none")) == taken
    assert wish(action("none"), password(), encryption("none")) == taken
    assert wish(password(), encryption("none"), default=ReleaseAction.OWNER_AUTHORIZED) == taken


def test_a_password_among_the_job_attributes_is_not_lost() -> None:
    taken = wish(job=[password(), encryption("none"), action("job-password")])
    assert taken == ReleaseWish(PASSWORD, JobPassword("none", PIN))


@pytest.mark.parametrize("missing", [A.JOB_PASSWORD, A.JOB_PASSWORD_ENCRYPTION])
@pytest.mark.parametrize("with_action", [True, False])
def test_half_a_password_is_refused(missing: str, *, with_action: bool) -> None:
    half = [each for each in (password(), encryption("none")) if each.name != missing]
    error = refused(*([action("job-password")] if with_action else []), *half)
    assert error.status == BAD
    assert error.sentence.startswith(f"{missing} is missing")


def test_the_action_without_its_password_is_refused() -> None:
    error = refused(action("job-password"))
    assert error.status == BAD
    assert "needs job-password" in error.sentence


@pytest.mark.parametrize("keyword", ["button-press", "owner-authorized"])
def test_another_action_with_a_password_is_refused(keyword: str) -> None:
    error = refused(action(keyword), password(), encryption("none"))
    assert error.status == BAD
    assert names(error) == [A.JOB_RELEASE_ACTION, A.JOB_PASSWORD]


def test_a_password_as_it_was_typed_comes_over_tls_alone() -> None:
    error = refused(password(), encryption("none"), secure=False)
    assert (error.status, names(error)) == (BAD, [A.JOB_PASSWORD])
    assert "TLS" in error.sentence
    digest = hashlib.sha256(PIN).digest()
    taken = wish(password(digest), encryption("sha2-256"), secure=False)
    assert taken.password == JobPassword("sha2-256", digest)


@pytest.mark.parametrize("octets", [b"", b"258", b"258a", b"9" * 256, b"\xff" * 8])
def test_a_password_that_cannot_be_taken_is_not_shown(octets: bytes) -> None:
    error = refused(password(octets), encryption("none"))
    assert (error.status, names(error)) == (BAD, [A.JOB_PASSWORD])


def test_the_longest_password_is_taken() -> None:
    assert wish(password(b"7" * 255), encryption("none")).action is PASSWORD


@pytest.mark.parametrize("keyword", ["md2", "md4", "md5", "sha", "sha3-512_256", "shake-512"])
def test_a_hash_that_is_obsolete_or_that_nobody_has_is_refused_and_named(keyword: str) -> None:
    error = refused(password(b"\x01" * 16), encryption(keyword))
    assert error.status == BAD
    assert error.unsupported == [encryption(keyword)]
    assert "sha2-256" in error.sentence


@pytest.mark.parametrize("said", ["2580", "rot-13", ""])
def test_a_hash_that_nobody_registered_is_not_shown_for_it_may_be_the_password(said: str) -> None:
    wrong = Attribute(A.JOB_PASSWORD_ENCRYPTION, (Value(Tag.KEYWORD, said.encode()),))
    error = refused(password(), wrong)
    assert error.unsupported == [Attribute(A.JOB_PASSWORD_ENCRYPTION, (UNSUPPORTED,))]


@pytest.mark.parametrize("tag", [Tag.TEXT, Tag.NAME, Tag.KEYWORD])
def test_a_password_of_another_syntax_is_refused_and_not_shown(tag: Tag) -> None:
    error = refused(encryption("none"), job=[Attribute(A.JOB_PASSWORD, (Value(tag, PIN),))])
    assert (error.status, names(error)) == (BAD, [A.JOB_PASSWORD])


def test_two_passwords_are_none() -> None:
    value = Value(Tag.OCTET_STRING, PIN)
    assert refused(encryption("none"), Attribute(A.JOB_PASSWORD, (value, value))).status == BAD


def test_an_action_that_nobody_knows_is_refused_and_named() -> None:
    error = refused(action("owner-auth"))
    assert (error.status, error.unsupported) == (NOT_SUPPORTED, [action("owner-auth")])


def test_utf_8_is_kept_in_one_form() -> None:
    decomposed = "Zoe\u0308s".encode()
    taken = wish(password(decomposed), encryption("none"), repertoire=Repertoire.UTF_8_LETTERS)
    assert taken.password == JobPassword("none", "Zo\u00ebs".encode())


def test_at_release_neither_length_nor_repertoire_is_told() -> None:
    """Only whether it is the password: what it may be made of is the creation's business."""
    offered = offered_password([Group(Tag.OPERATION, [password(b"x"), encryption("none")])], secure=True)
    assert offered == JobPassword("none", b"x")
    assert offered_password([Group(Tag.OPERATION)], secure=True) is None


def test_what_is_passed_on_has_no_secrets() -> None:
    copies = attribute(A.COPIES, 2)
    assert without_secrets([password(), copies, encryption("none")]) == [copies]


def test_the_reasons_are_those_of_the_standard() -> None:
    assert action_reasons(None) == ()
    assert action_reasons(ReleaseAction.BUTTON_PRESS) == (R.JOB_HELD_FOR_BUTTON_PRESS, R.JOB_HELD_FOR_RELEASE)
    assert action_reasons(PASSWORD) == (R.JOB_PASSWORD_WAIT, R.JOB_HELD_FOR_RELEASE)
    assert action_reasons(ReleaseAction.OWNER_AUTHORIZED) == (R.JOB_HELD_FOR_AUTHORIZATION, R.JOB_HELD_FOR_RELEASE)
