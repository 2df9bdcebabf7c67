"""What a request says about a job's release: by which action, by which password (PWG 5100.11-2024). Pure.

A password is looked for among the job's attributes too, where some clients put operation attributes: a job that was
meant to be held for one is never printed without. What is refused is never shown: the unsupported group has
`job-password` with the out-of-band value `unsupported`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ippgate.ipp import UNSUPPORTED, Attribute, Group, IppError, Status, Tag
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import keywords_of
from ippgate.model.job_password import ENCRYPTIONS, UNHASHED, JobPassword, Repertoire, fault, normal
from ippgate.model.release_action import NO_ACTION, RELEASE_ACTIONS, ReleaseAction

SECRETS: Final = (A.JOB_PASSWORD, A.JOB_PASSWORD_ENCRYPTION)
"""What no answer, event or log shows, wherever it stands."""

UNSHOWN: Final = Attribute(A.JOB_PASSWORD, (UNSUPPORTED,))
"""A password that was refused, as the unsupported group has it."""

_BAD: Final = Status.CLIENT_ERROR_BAD_REQUEST


@dataclass(frozen=True, slots=True)
class ReleaseWish:
    """How the new job is to be released."""

    action: ReleaseAction | None = None  # None: none of its own
    password: JobPassword | None = None


def release_wish(
    groups: Sequence[Group], *, secure: bool, repertoire: Repertoire, default: ReleaseAction | None
) -> ReleaseWish:
    """How a creation request wants its job to be released. groups: operation attributes, then the job's; secure: it
    came by TLS; default: job-release-action-default.

    Raises IppError: 0x0400 for a password that cannot be taken, that comes alone, or with another action; 0x040B for an
    action that nobody knows. A password by itself asks for the action of its name, as CUPS's clients send it, and so it
    does beside `none`, which `lp` sends because it is the default: a job that came with a password never goes without.
    """
    asked, password = _found(groups, A.JOB_RELEASE_ACTION), offered_password(groups, secure=secure)
    action = _action(asked)
    if password is None:
        if action is ReleaseAction.JOB_PASSWORD:
            raise IppError(_BAD, "job-release-action job-password needs job-password and job-password-encryption")
        return ReleaseWish(default if asked is None else action)
    if asked is not None and action not in (None, ReleaseAction.JOB_PASSWORD):
        sentence = f"job-release-action {action} takes no job-password: send job-password, or leave it out"
        raise IppError(_BAD, sentence, [asked, UNSHOWN])
    if (wrong := fault(password, repertoire)) is not None:
        raise IppError(_BAD, f"job-password cannot be taken: {wrong}", [UNSHOWN])
    return ReleaseWish(ReleaseAction.JOB_PASSWORD, password)


def wish_of_copy(
    groups: Sequence[Group], original: ReleaseAction | None, said: ReleaseWish, *, by_operator: bool
) -> ReleaseWish:
    """How the copy of a job is to be released: as its original is, with the password of that. said: what the request
    says, or what is usual.

    Only an operator takes away what an original was held for, or puts another password in the place of its own: whoever
    is asked by name alone could print it without. Raises IppError 0x040B.
    """
    asked = _found(groups, A.JOB_RELEASE_ACTION)
    if asked is None and said.password is None:
        return ReleaseWish(original)
    if original is None or by_operator or (said.action is original and said.password is None):
        return said
    sentence = f"a copy is held for {original} as its original is: leave out job-release-action and job-password"
    told = [each for each in (asked, UNSHOWN if said.password else None) if each is not None]
    raise IppError(Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, sentence, told)


def offered_password(groups: Sequence[Group], *, secure: bool) -> JobPassword | None:
    """The password of a request, in NFC; None: there is none. Raises IppError 0x0400."""
    password, encryption = _found(groups, A.JOB_PASSWORD), _found(groups, A.JOB_PASSWORD_ENCRYPTION)
    if password is None and encryption is None:
        return None
    if password is None or encryption is None:
        missing = A.JOB_PASSWORD if password is None else A.JOB_PASSWORD_ENCRYPTION
        raise IppError(_BAD, f"{missing} is missing: job-password and job-password-encryption come together")
    keyword = encryption.text() or ""
    if len(encryption.values) != 1 or keyword not in ENCRYPTIONS:
        known = keyword in keywords_of(A.JOB_PASSWORD_ENCRYPTION)  # anything else may be a password in the wrong place
        shown = Attribute(encryption.name, encryption.values[:1] if known else (UNSUPPORTED,))
        sentence = f"that job-password-encryption is not supported: use {', '.join(ENCRYPTIONS)}"
        raise IppError(_BAD, sentence, [shown])
    raw = password.first.raw
    if len(password.values) != 1 or password.first.tag != Tag.OCTET_STRING or not isinstance(raw, bytes):
        raise IppError(_BAD, "job-password is one value of syntax octetString", [UNSHOWN])
    if keyword == UNHASHED and not secure:
        sentence = "a job-password that is not hashed is taken over TLS alone: use ipps, or hash it"
        raise IppError(_BAD, sentence, [UNSHOWN])
    return normal(JobPassword(keyword, raw))


def without_secrets(attributes: Iterable[Attribute]) -> list[Attribute]:
    """The attributes that may be looked at, refused and shown as any other."""
    return [each for each in attributes if each.name not in SECRETS]


def _action(asked: Attribute | None) -> ReleaseAction | None:
    if asked is None or asked.text() == NO_ACTION:
        return None
    if len(asked.values) != 1 or asked.text() not in RELEASE_ACTIONS:
        sentence = f"that job-release-action is not supported: use {', '.join(RELEASE_ACTIONS)}"
        raise IppError(Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, sentence, [asked])
    return ReleaseAction(asked.text() or "")


def _found(groups: Sequence[Group], name: str) -> Attribute | None:
    return next((found for group in groups if (found := group.get(name)) is not None), None)
