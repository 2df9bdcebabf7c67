"""Everything that the gate refuses over IPP, once: what is asked, and the status and words of the answer.

Each case is a function that asks and says by its decorator what must come back; `REFUSALS` has them all.
"""

import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from ippgate.app import Gate as Services
from ippgate.ipp import Attribute, Group, JobState, Message, Operation, PrinterState, Range, Status, Tag, attribute
from ippgate.ipp.builder import Members
from ippgate.ipp.registry import attributes as A
from tests.rig.documents import PDF
from tests.rig.eventually import eventually
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.ipp_client import Answer, IppClient

MOST = 65_536
"""Octets of the largest document that the gate takes here."""

PAGE = PDF.read_bytes()


@dataclass
class Stage:
    """What refusals are played on: a queue that holds, one that passes on to `device`, and who asks."""

    gate: Gate
    services: Services
    device: HostileDevice
    device_name: str
    holding: str
    direct: str
    jake: IppClient
    eve: IppClient
    olga: IppClient  # an operator, over TLS

    async def held(self, document: bytes = PAGE, *more: Attribute) -> int:
        """A job of Jake's that waits for release."""
        return await self.jake.print(self.holding, document, *more)

    async def opened(self) -> int:
        """A job of Jake's that waits for its document."""
        return (await self.jake.ask(Operation.CREATE_JOB, queue=self.holding)).job_id

    async def canceled(self) -> int:
        """A job that has ended."""
        job_id = await self.held()
        assert (await self.jake.ask(Operation.CANCEL_JOB, job(job_id))).ok
        return job_id

    async def printing(self) -> int:
        """A job that its device prints at this moment."""
        self.device.printer.at_once = False
        job_id = await self.jake.print(self.direct, PAGE)
        await self.jake.wait(job_id, JobState.PROCESSING)
        return job_id

    async def uuid(self) -> object:
        """The device's uuid, after the gate has asked it how it is."""
        await self.services.fleet.probe(self.device_name)
        await self.gate.caught_up(self.services)
        return (await self.services.fleet.device(self.device_name)).uuid

    async def release(self, job_id: int) -> Answer:
        """Release a job to the device; nothing of it may have reached the device if that is refused."""
        answer = await self.jake.release(job_id, await self.uuid())
        assert answer.ok or not self.device.jobs
        return answer

    async def send(self, request: Message) -> Answer:
        """Send a request as it is."""
        async with self.jake.sending(request) as sending:
            return await sending.finish()

    async def print(self, *more: Attribute, document: bytes = PAGE, template: tuple[Attribute, ...] = ()) -> Answer:
        return await self.jake.ask(Operation.PRINT_JOB, *more, queue=self.holding, job=template, document=document)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is asked, and what must come back."""

    ask: Callable[[Stage], Awaitable[Answer]]
    status: Status
    words: str


REFUSALS: dict[str, Refusal] = {}


def refused(status: Status, words: str) -> Callable[[Callable[[Stage], Awaitable[Answer]]], None]:
    """Put a case into the table."""

    def keep(ask: Callable[[Stage], Awaitable[Answer]]) -> None:
        REFUSALS[ask.__name__.replace("_", " ")] = Refusal(ask, status, words)

    return keep


def job(job_id: int) -> Attribute:
    return attribute(A.JOB_ID, job_id)


def head(request: Message) -> Group:
    """The operation group of a request, to change."""
    return request.groups[0]


# ── creation ──


@refused(Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED, "fetches nothing from an address")
async def print_uri(stage: Stage) -> Answer:
    where = attribute(A.DOCUMENT_URI, "http://127.0.0.1/secret")
    return await stage.jake.ask(Operation.PRINT_URI, where, queue=stage.holding)


@refused(Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED, "fetches nothing from an address")
async def send_uri(stage: Stage) -> Answer:
    where = (attribute(A.DOCUMENT_URI, "http://127.0.0.1/secret"), attribute(A.LAST_DOCUMENT, True))
    return await stage.jake.ask(Operation.SEND_URI, job(await stage.opened()), *where)


@refused(Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED, "destroy what was counted")
async def purge_jobs(stage: Stage) -> Answer:
    return await stage.jake.ask(Operation.PURGE_JOBS, queue=stage.holding)


@refused(Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED, "Deactivate-Printer is not supported")
async def an_operation_that_nobody_has(stage: Stage) -> Answer:
    return await stage.jake.ask(Operation.DEACTIVATE_PRINTER, queue=stage.holding)


@refused(Status.CLIENT_ERROR_NOT_FOUND, "there is no queue absent")
async def a_queue_that_does_not_exist(stage: Stage) -> Answer:
    return await stage.jake.ask(Operation.PRINT_JOB, queue="absent", document=PAGE)


@refused(Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES, "job-hold-until and job-hold-until-time exclude each other")
async def a_hold_until_two_moments(stage: Stage) -> Answer:
    moment = attribute(A.JOB_HOLD_UNTIL_TIME, datetime(2199, 12, 31, tzinfo=UTC))
    return await stage.print(template=(attribute(A.JOB_HOLD_UNTIL, "weekend"), moment))


@refused(
    Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES, "job-retain-until and job-retain-until-interval exclude each other"
)
async def a_job_that_is_to_be_retained_twice(stage: Stage) -> Answer:
    period = attribute(A.JOB_RETAIN_UNTIL, "end-of-week")
    return await stage.print(template=(period, attribute(A.JOB_RETAIN_UNTIL_INTERVAL, 60)))


@refused(Status.CLIENT_ERROR_BAD_REQUEST, "overrides are malformed: pages are ranges from 1 up that rise")
async def overrides_whose_pages_overlap(stage: Stage) -> Answer:
    pages: Members = {A.PAGES: [Range(1, 4), Range(4, 6)], A.MEDIA: "iso_a4_210x297mm"}
    return await stage.print(template=(attribute(A.OVERRIDES, pages),))


@refused(Status.CLIENT_ERROR_BAD_REQUEST, "job-release-action job-password needs job-password")
async def a_password_that_is_announced_and_not_sent(stage: Stage) -> Answer:
    return await stage.print(attribute(A.JOB_RELEASE_ACTION, "job-password"))


@refused(Status.CLIENT_ERROR_BAD_REQUEST, "is taken over TLS alone: use ipps, or hash it")
async def a_readable_password_over_plain_ipp(stage: Stage) -> Answer:
    return await stage.print(attribute(A.JOB_PASSWORD, b"2580"), attribute(A.JOB_PASSWORD_ENCRYPTION, "none"))


@refused(Status.CLIENT_ERROR_BAD_REQUEST, "that job-password-encryption is not supported: use")
async def a_password_by_an_obsolete_hash(stage: Stage) -> Answer:
    return await stage.print(attribute(A.JOB_PASSWORD, bytes(16)), attribute(A.JOB_PASSWORD_ENCRYPTION, "md5"))


@refused(Status.CLIENT_ERROR_BAD_REQUEST, "job-release-action button-press takes no job-password")
async def a_password_with_another_action(stage: Stage) -> Answer:
    password = (attribute(A.JOB_PASSWORD, bytes(32)), attribute(A.JOB_PASSWORD_ENCRYPTION, "sha2-256"))
    return await stage.print(attribute(A.JOB_RELEASE_ACTION, "button-press"), *password)


@refused(Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, "that job-release-action is not supported: use none")
async def a_release_action_that_nobody_has(stage: Stage) -> Answer:
    return await stage.print(attribute(A.JOB_RELEASE_ACTION, "owner-auth"))


@refused(Status.CLIENT_ERROR_BAD_REQUEST, "that is not the password of job")
async def a_release_by_a_wrong_password(stage: Stage) -> Answer:
    by_sha = attribute(A.JOB_PASSWORD_ENCRYPTION, "sha2-256")
    job_id = await stage.held(PAGE, attribute(A.JOB_PASSWORD, bytes(32)), by_sha)
    where = attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{await stage.uuid()}")
    wrong = attribute(A.JOB_PASSWORD, b"\x01" * 32)
    return await stage.jake.ask(Operation.RELEASE_JOB, job(job_id), where, wrong, by_sha)


@refused(Status.CLIENT_ERROR_NOT_AUTHENTICATED, "is released by its owner, who proves it over TLS")
async def a_release_by_an_owner_who_only_says_so(stage: Stage) -> Answer:
    job_id = await stage.held(PAGE, attribute(A.JOB_RELEASE_ACTION, "owner-authorized"))
    return await stage.release(job_id)


@refused(Status.SERVER_ERROR_NOT_ACCEPTING_JOBS, "takes no jobs at the moment: ask its operator")
async def a_queue_that_takes_no_jobs(stage: Stage) -> Answer:
    await stage.services.fleet.set_queue(stage.holding, accepting=False)
    await stage.gate.caught_up(stage.services)
    return await stage.print()


@refused(Status.CLIENT_ERROR_BAD_REQUEST, "carries no document")
async def a_print_job_without_a_document(stage: Stage) -> Answer:
    return await stage.print(document=b"")


@refused(
    Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, "application/msword cannot be printed here: send application/pdf"
)
async def a_format_that_cannot_be_printed(stage: Stage) -> Answer:
    return await stage.print(attribute(A.DOCUMENT_FORMAT, "application/msword"))


@refused(Status.CLIENT_ERROR_COMPRESSION_NOT_SUPPORTED, "use none, gzip, deflate")
async def a_compression_that_is_not_supported(stage: Stage) -> Answer:
    return await stage.print(attribute(A.COMPRESSION, "compress"))


@refused(Status.CLIENT_ERROR_COMPRESSION_ERROR, "is damaged")
async def a_compressed_document_that_is_damaged(stage: Stage) -> Answer:
    packed = bytearray(gzip.compress(PAGE))
    packed[len(packed) // 2] ^= 0xFF
    return await stage.print(attribute(A.COMPRESSION, "gzip"), document=bytes(packed))


@refused(Status.CLIENT_ERROR_COMPRESSION_ERROR, "cut on the way")
async def a_compressed_document_that_is_cut(stage: Stage) -> Answer:
    return await stage.print(attribute(A.COMPRESSION, "gzip"), document=gzip.compress(PAGE)[:-20])


@refused(Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE, f"larger than the {MOST} octets")
async def a_document_that_is_too_large(stage: Stage) -> Answer:
    return await stage.print(document=bytes(MOST + 1))


@refused(Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE, f"larger than the {MOST} octets")
async def a_document_that_grows_too_large(stage: Stage) -> Answer:
    return await stage.print(attribute(A.COMPRESSION, "gzip"), document=gzip.compress(bytes(MOST + 1)))


@refused(Status.SERVER_ERROR_BUSY, "documents are arriving at this moment; try again in a minute")
async def one_upload_too_many(stage: Stage) -> Answer:
    async with stage.jake.printing(stage.holding) as first:
        await first.send(PAGE[:1000])

        async def turned_away() -> Answer | None:
            answer = await stage.eve.ask(Operation.PRINT_JOB, queue=stage.holding, document=PAGE)
            return None if answer.ok else answer

        answer = await eventually(turned_away, "the second upload to be turned away")
        await first.send(PAGE[1000:])
        assert (await first.finish()).ok
        assert answer is not None
        return answer


@refused(Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, "sides: not possible here as asked for")
async def a_wish_that_is_insisted_on(stage: Stage) -> Answer:
    return await stage.print(attribute(A.IPP_ATTRIBUTE_FIDELITY, True), template=(attribute(A.SIDES, "three-sided"),))


@refused(Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES, "contradict each other")
async def wishes_that_contradict_each_other(stage: Stage) -> Answer:
    size = {"media-size": {"x-dimension": 21000, "y-dimension": 29700}}
    media = (attribute(A.MEDIA, "iso_a4_210x297mm"), attribute(A.MEDIA_COL, size))
    return await stage.print(attribute(A.IPP_ATTRIBUTE_FIDELITY, True), template=media)


# ── the message itself ──


@refused(Status.CLIENT_ERROR_CHARSET_NOT_SUPPORTED, "utf-8")
async def a_charset_that_is_not_supported(stage: Stage) -> Answer:
    request = stage.jake.request(Operation.GET_JOBS, queue=stage.holding)
    head(request).attributes[0] = attribute(A.ATTRIBUTES_CHARSET, "iso-8859-1")
    return await stage.send(request)


# ── documents of an open job ──


@refused(Status.CLIENT_ERROR_BAD_REQUEST, "last-document is missing")
async def a_document_that_may_or_may_not_be_the_last(stage: Stage) -> Answer:
    return await stage.jake.ask(Operation.SEND_DOCUMENT, job(await stage.opened()), document=PAGE)


@refused(Status.SERVER_ERROR_TOO_MANY_DOCUMENTS, "takes 4 documents in a job: send the others in a job of their own")
async def a_document_too_many(stage: Stage) -> Answer:
    opened = job(await stage.opened())
    more, last = (attribute(A.LAST_DOCUMENT, value) for value in (False, True))
    for _ in range(4):
        assert (await stage.jake.ask(Operation.SEND_DOCUMENT, opened, more, document=PAGE)).ok
    return await stage.jake.ask(Operation.SEND_DOCUMENT, opened, last, document=PAGE)


@refused(Status.CLIENT_ERROR_NOT_POSSIBLE, "takes no more documents: it is closed")
async def a_document_for_a_closed_job(stage: Stage) -> Answer:
    last = attribute(A.LAST_DOCUMENT, True)
    return await stage.jake.ask(Operation.SEND_DOCUMENT, job(await stage.held()), last, document=PAGE)


@refused(Status.CLIENT_ERROR_NOT_AUTHORIZED, "belongs to somebody else")
async def a_document_for_somebody_else_s_job(stage: Stage) -> Answer:
    last = attribute(A.LAST_DOCUMENT, True)
    return await stage.eve.ask(Operation.SEND_DOCUMENT, job(await stage.opened()), last, document=PAGE)


@refused(Status.CLIENT_ERROR_TIMEOUT, "its documents did not come in time: create a new one")
async def a_document_that_comes_too_late(stage: Stage) -> Answer:
    opened = await stage.opened()
    await stage.jake.wait(opened, JobState.ABORTED)
    return await stage.jake.ask(Operation.SEND_DOCUMENT, job(opened), attribute(A.LAST_DOCUMENT, True), document=PAGE)


# ── jobs ──


@refused(Status.CLIENT_ERROR_NOT_FOUND, "there is no job 2147483647")
async def a_job_that_does_not_exist(stage: Stage) -> Answer:
    return await stage.jake.ask(Operation.GET_JOB_ATTRIBUTES, job(2**31 - 1))


@refused(Status.CLIENT_ERROR_NOT_AUTHORIZED, "belongs to somebody else")
async def cancelling_somebody_else_s_job(stage: Stage) -> Answer:
    return await stage.eve.ask(Operation.CANCEL_JOB, job(await stage.held()))


@refused(Status.CLIENT_ERROR_NOT_AUTHORIZED, "belongs to somebody else")
async def holding_somebody_else_s_job(stage: Stage) -> Answer:
    return await stage.eve.ask(Operation.HOLD_JOB, job(await stage.held()))


@refused(Status.CLIENT_ERROR_NOT_AUTHORIZED, "belongs to somebody else")
async def changing_somebody_else_s_job(stage: Stage) -> Answer:
    wish = attribute(A.COPIES, 2)
    return await stage.eve.ask(Operation.SET_JOB_ATTRIBUTES, job(await stage.held()), job=[wish])


@refused(Status.CLIENT_ERROR_NOT_POSSIBLE, "is canceled")
async def cancelling_a_job_that_has_ended(stage: Stage) -> Answer:
    return await stage.jake.ask(Operation.CANCEL_JOB, job(await stage.canceled()))


@refused(Status.CLIENT_ERROR_NOT_POSSIBLE, "no job was cancelled")
async def cancelling_one_s_jobs_and_another_s(stage: Stage) -> Answer:
    mine, hers = await stage.held(), await stage.eve.print(stage.holding, PAGE)
    answer = await stage.jake.ask(Operation.CANCEL_MY_JOBS, attribute(A.JOB_IDS, mine, hers), queue=stage.holding)
    assert (await stage.jake.job(mine)).state == JobState.PENDING_HELD
    return answer


@refused(Status.CLIENT_ERROR_NOT_POSSIBLE, "too late to hold it")
async def holding_a_job_at_its_device(stage: Stage) -> Answer:
    return await stage.jake.ask(Operation.HOLD_JOB, job(await stage.printing()))


@refused(Status.CLIENT_ERROR_NOT_POSSIBLE, "only a job that waits can be changed")
async def changing_a_job_at_its_device(stage: Stage) -> Answer:
    return await stage.jake.ask(Operation.SET_JOB_ATTRIBUTES, job(await stage.printing()), job=[attribute(A.COPIES, 2)])


@refused(Status.CLIENT_ERROR_ATTRIBUTES_NOT_SETTABLE, "job-state cannot be set")
async def setting_what_is_not_settable(stage: Stage) -> Answer:
    wish = attribute(A.JOB_STATE, JobState.COMPLETED)
    return await stage.jake.ask(Operation.SET_JOB_ATTRIBUTES, job(await stage.held()), job=[wish])


@refused(Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, "copies: not possible here as asked for")
async def setting_what_is_not_possible(stage: Stage) -> Answer:
    return await stage.jake.ask(Operation.SET_JOB_ATTRIBUTES, job(await stage.held()), job=[attribute(A.COPIES, 10**6)])


# ── release ──


@refused(Status.CLIENT_ERROR_NOT_POSSIBLE, "is stopped (media-empty-error): choose another device")
async def release_to_a_stopped_device(stage: Stage) -> Answer:
    stage.device.printer.state, stage.device.printer.state_reasons = PrinterState.STOPPED, ("media-empty-error",)
    return await stage.release(await stage.held())


@refused(Status.CLIENT_ERROR_NOT_POSSIBLE, "takes no jobs at the moment: choose another device")
async def release_to_a_device_that_takes_no_jobs(stage: Stage) -> Answer:
    stage.device.printer.accepting = False
    return await stage.release(await stage.held())


@refused(
    Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, "cannot print application/postscript; it takes application/pdf"
)
async def release_of_a_format_that_the_device_cannot_print(stage: Stage) -> Answer:
    stage.device.printer.set(attribute(A.DOCUMENT_FORMAT_SUPPORTED, "application/pdf"))
    return await stage.release(await stage.held(PAGE, attribute(A.DOCUMENT_FORMAT, "application/postscript")))


@refused(Status.CLIENT_ERROR_NOT_FOUND, "there is no device urn:uuid:")
async def release_to_a_device_that_nobody_knows(stage: Stage) -> Answer:
    return await stage.jake.release(await stage.held(), uuid4())


@refused(Status.CLIENT_ERROR_BAD_REQUEST, "is no urn:uuid: followed by a UUID")
async def release_to_no_uuid_at_all(stage: Stage) -> Answer:
    return await stage.jake.release(await stage.held(), "kyocera")


@refused(Status.CLIENT_ERROR_NOT_AUTHORIZED, "belongs to somebody else")
async def release_of_somebody_else_s_job(stage: Stage) -> Answer:
    return await stage.eve.release(await stage.held(), await stage.uuid())


@refused(Status.CLIENT_ERROR_NOT_POSSIBLE, "is canceled: it cannot be released")
async def release_of_a_job_that_has_ended(stage: Stage) -> Answer:
    return await stage.release(await stage.canceled())


@refused(Status.CLIENT_ERROR_NOT_POSSIBLE, "has no document yet: send it first")
async def release_of_a_job_without_a_document(stage: Stage) -> Answer:
    return await stage.release(await stage.opened())


@refused(Status.CLIENT_ERROR_NOT_POSSIBLE, "already: it cannot go to")
async def release_of_a_job_that_goes_elsewhere_already(stage: Stage) -> Answer:
    other = await stage.services.fleet.add_device(f"other-{stage.device_name}", "socket://127.0.0.1:9", force=True)
    await stage.gate.caught_up(stage.services)
    return await stage.jake.release(await stage.printing(), other.uuid)


@refused(Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, "(copies: not 1000, but 1 to 99); no other device")
async def release_with_a_change_that_the_device_cannot_do(stage: Stage) -> Answer:
    there = attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{await stage.uuid()}")
    wish = attribute(A.COPIES, 1000)
    return await stage.jake.ask(Operation.RELEASE_JOB, job(await stage.held()), there, job=[wish])


@refused(Status.CLIENT_ERROR_NOT_POSSIBLE, "only where a job is printed it can be changed: name a device or a group")
async def release_to_nowhere_with_a_change(stage: Stage) -> Answer:
    return await stage.jake.ask(Operation.RELEASE_JOB, job(await stage.held()), job=[attribute(A.COPIES, 2)])


# ── operators' own ──


@refused(Status.CLIENT_ERROR_NOT_AUTHENTICATED, "Pause-Printer is for operators, who prove it over TLS: use ipps://")
async def pausing_a_printer_over_plain_ipp(stage: Stage) -> Answer:
    return await stage.jake.ask(Operation.PAUSE_PRINTER, queue=stage.holding)


@refused(Status.CLIENT_ERROR_NOT_AUTHENTICATED, "Cancel-Jobs is for operators, who prove it over TLS: use ipps://")
async def cancelling_everybody_s_jobs_over_plain_ipp(stage: Stage) -> Answer:
    job_id = await stage.held()
    answer = await stage.eve.ask(Operation.CANCEL_JOBS, queue=stage.holding)
    assert (await stage.jake.job(job_id)).state == JobState.PENDING_HELD
    return answer


@refused(Status.CLIENT_ERROR_FORBIDDEN, "credentials are taken over TLS alone: use ipps://127.0.0.1:")
async def an_operator_s_password_over_plain_ipp(stage: Stage) -> Answer:
    sent = IppClient(stage.gate.port, user=stage.olga.user, login="olga:whatever")
    return await sent.ask(Operation.PAUSE_PRINTER, queue=stage.holding)


@refused(Status.CLIENT_ERROR_NOT_FOUND, "there is no queue absent")
async def pausing_a_queue_that_does_not_exist(stage: Stage) -> Answer:
    return await stage.olga.ask(Operation.PAUSE_PRINTER, queue="absent")


@refused(Status.CLIENT_ERROR_NOT_POSSIBLE, "is at a device at this moment")
async def cancelling_the_current_job_where_there_is_none(stage: Stage) -> Answer:
    return await stage.olga.ask(Operation.CANCEL_CURRENT_JOB, queue=stage.holding)


@refused(Status.CLIENT_ERROR_NOT_POSSIBLE, "cannot be (unknown or ended)")
async def cancelling_jobs_some_of_which_have_ended(stage: Stage) -> Answer:
    waits, over = await stage.held(), await stage.canceled()
    answer = await stage.olga.ask(Operation.CANCEL_JOBS, attribute(A.JOB_IDS, waits, over), queue=stage.holding)
    assert (await stage.jake.job(waits)).state == JobState.PENDING_HELD
    return answer


@refused(Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, "job-hold-until: not possible here as asked for")
async def a_hold_until_a_time_that_no_clock_shows(stage: Stage) -> Answer:
    until = attribute(A.JOB_HOLD_UNTIL, "25:30", tag=Tag.NAME)
    return await stage.print(attribute(A.IPP_ATTRIBUTE_FIDELITY, True), template=(until,))


@refused(Status.SERVER_ERROR_NOT_ACCEPTING_JOBS, "takes no jobs at the moment: ask its operator")
async def a_queue_that_an_operator_has_disabled(stage: Stage) -> Answer:
    assert (await stage.olga.ask(Operation.DISABLE_PRINTER, queue=stage.holding)).ok
    await stage.gate.caught_up(stage.services)
    return await stage.print()
