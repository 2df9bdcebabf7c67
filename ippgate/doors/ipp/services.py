"""What the IPP door asks of the gate. The services satisfy these; the door knows no more of them."""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from ippgate.identity.secret import Secret
from ippgate.ipp import Attribute, JobState
from ippgate.model.device import Device
from ippgate.model.errors import NotFound
from ippgate.model.job import Caller, Job, NewDocument, NewJob
from ippgate.model.job_password import JobPassword
from ippgate.model.owner import Owners
from ippgate.model.private_uri import PrivateUri
from ippgate.model.queue import Description, Queue
from ippgate.model.session import Session
from ippgate.model.station import Station
from ippgate.model.storage import Access
from ippgate.model.subscription import NewSubscription, Subscription
from ippgate.model.until import Until
from ippgate.notice.board import Presence
from ippgate.notice.notices import Fetched


class Intake(Protocol):
    """Takes jobs and documents. Raises Refusal and Unavailable, and what the body raises."""

    async def submit(self, queue: Queue, new: NewJob, document: NewDocument, body: AsyncIterator[bytes]) -> Job: ...

    async def create(self, queue: Queue, new: NewJob) -> Job: ...

    async def add_document(
        self, job_id: int, caller: Caller, document: NewDocument, body: AsyncIterator[bytes], last: bool
    ) -> Job: ...

    async def close(self, job_id: int, caller: Caller) -> Job: ...


class Desk(Protocol):
    """Finds and changes jobs. Raises Refusal and Unavailable."""

    async def get(self, job_id: int, caller: Caller) -> Job: ...

    async def get_many(self, job_ids: Sequence[int]) -> list[Job]: ...

    async def listing(
        self,
        queue_id: int | None,
        states: Collection[JobState],
        owner: str | None,
        limit: int,
        device_id: int | None = None,
    ) -> list[Job]: ...

    async def listing_at(
        self,
        device_id: int,
        states: Collection[JobState],
        owner: str | None,
        limit: int,
        others: Collection[str] = (),
    ) -> list[Job]: ...

    async def stored(
        self,
        access: Access,
        *,
        owner: str | None = None,
        group: str | None = None,
        queue_id: int | None = None,
        limit: int,
    ) -> list[Job]: ...

    async def hold(self, job_id: int, caller: Caller, hold_until: Until | None) -> Job: ...

    async def change(
        self,
        job_id: int,
        caller: Caller,
        *,
        template: tuple[Attribute, ...] | None = None,
        name: str | None = None,
        priority: int | None = None,
        hold_until: Until | None = None,
    ) -> Job: ...

    async def cancel(self, job_id: int, caller: Caller) -> Job: ...

    async def cancel_mine(self, caller: Caller, queue_id: int | None, job_ids: Sequence[int] | None) -> list[int]: ...

    async def cancel_all(self, caller: Caller, queue_id: int | None, job_ids: Sequence[int] | None) -> list[int]: ...


class Documents(Protocol):
    """Changes single documents of jobs that wait. Raises Refusal and Unavailable."""

    async def cancel(self, job_id: int, number: int, caller: Caller) -> Job: ...

    async def rename(self, job_id: int, number: int, caller: Caller, name: str) -> Job: ...


class Resubmission(Protocol):
    """Makes jobs of ended ones. Raises Refusal and Unavailable."""

    async def resubmit(self, job: Job, caller: Caller, queue: Queue, new: NewJob, *, open_to: bool = False) -> Job: ...


class Release(Protocol):
    """Lets held jobs go. Raises Refusal and Unavailable."""

    async def release(
        self,
        job: int | Job,
        caller: Caller,
        device: str | UUID | None = None,
        *,
        changes: Iterable[Attribute] = (),
        password: JobPassword | None = None,
        keep: bool = False,
    ) -> Job: ...

    async def check_changes(self, job: Job, device: Device, changes: Iterable[Attribute]) -> None: ...


class Fleet(Protocol):
    """The book of queues and devices. A queue that has not changed is the same object. Raises NotFound, Unavailable."""

    async def queue(self, name: str) -> Queue: ...

    async def queues(self) -> list[Queue]: ...

    async def default_queue(self) -> Queue | None: ...

    async def devices_of(self, queue: Queue) -> list[Device]: ...

    async def device(self, name: str) -> Device: ...

    async def device_by_uuid(self, uuid: UUID) -> Device: ...

    async def on_their_way(self, devices: Iterable[Device]) -> dict[int, int]: ...

    async def identify(self, device: Device, actions: Sequence[str], message: str) -> bool: ...

    async def waiting(self, queue_id: int) -> int: ...

    async def describe_queue(self, seen: Queue, said: Description, by: str) -> Queue: ...

    async def system_uuid(self) -> UUID: ...


class Traffic(Protocol):
    """The switches of queues, for operators. Raises NotFound and Unavailable."""

    async def pause(self, name: str, by: str) -> Queue: ...

    async def resume(self, name: str, by: str) -> Queue: ...

    async def enable(self, name: str, by: str) -> Queue: ...

    async def disable(self, name: str, by: str) -> Queue: ...

    async def hold_new(self, name: str, by: str) -> Queue: ...

    async def take_new(self, name: str, by: str) -> Queue: ...

    async def current(self, queue: Queue) -> int: ...

    async def busy(self, queue_id: int) -> bool: ...

    async def schedule(self, job_id: int, after: int | None, by: str) -> None: ...


class Allowance(Protocol):
    """Knows how much may come. Raises Refusal and Unavailable."""

    async def check(self, queue_id: int, owner: str, octets: int, *, jobs: int = 1) -> None: ...

    def full(self, queue_id: int) -> bool: ...


class Boundless:
    """As much as comes."""

    async def check(self, queue_id: int, owner: str, octets: int, *, jobs: int = 1) -> None:
        del queue_id, owner, octets, jobs

    def full(self, queue_id: int) -> bool:
        del queue_id
        return False


class Notices(Protocol):
    """Subscriptions and what they are told. Raises Refusal and Unavailable."""

    async def subscribe(
        self, queue_id: int, caller: Caller, wanted: Sequence[NewSubscription], job_id: int | None = None
    ) -> list[int]: ...

    async def of_new_job(self, job_id: int) -> list[int]: ...

    async def get(self, subscription_id: int, caller: Caller) -> Subscription: ...

    async def listing(
        self, queue_id: int | None, job_id: int | None, caller: Caller, *, mine: bool, limit: int | None
    ) -> list[Subscription]: ...

    async def renew(self, subscription_id: int, caller: Caller, lease: int) -> None: ...

    async def cancel(self, subscription_id: int, caller: Caller) -> None: ...

    async def fetch(self, asked: Sequence[tuple[int, int]], caller: Caller) -> Fetched: ...

    async def wait(self, asked: Sequence[tuple[int, int]], caller: Caller, client: Presence) -> Fetched: ...


class Operators(Protocol):
    """Knows operators. Raises Unavailable, and Busy for whoever has failed too often."""

    async def proves(self, name: str, password: str, source: str) -> bool: ...


class PrivateUris(Protocol):
    """Knows whose a private URI is. Raises NotFound, Unavailable, and Busy for whoever has come with wrong ones."""

    async def bearer(self, queue: str, secret: str, source: str) -> PrivateUri: ...


class Suspension(Protocol):
    """Lets jobs rest at their devices. Raises NotFound, NotPossible, DeviceNotReady and Unavailable."""

    async def suspend(self, job_id: int, by: str) -> None: ...

    async def resume(self, job_id: int, by: str) -> None: ...


class Nobody:
    """Knows none: whatever is claimed is not so."""

    async def proves(self, name: str, password: str, source: str) -> bool:
        del name, password, source
        return False

    async def bearer(self, queue: str, secret: str, source: str) -> PrivateUri:
        del secret, source
        raise NotFound(f"there is no such printer: use /ipp/print/{queue}")


class Stations(Protocol):
    """Knows stations. Raises Unavailable, and Busy for whoever has failed too often."""

    async def by_secret(self, secret: Secret, source: str) -> Station | None: ...

    async def by_certificate(self, fingerprint: bytes) -> Station | None: ...


class NoStations:
    """Knows none."""

    async def by_secret(self, secret: Secret, source: str) -> Station | None:
        del secret, source
        return None

    async def by_certificate(self, fingerprint: bytes) -> Station | None:
        del fingerprint
        return None


class People(Protocol):
    """Knows who is shut out, who stands for whom, and what each prefers. Raises Forbidden."""

    def check_active(self, name: str) -> None: ...

    def stands_for(self, name: str) -> frozenset[str]: ...

    def preferences(self, name: str) -> tuple[Attribute, ...]: ...


class Everybody:
    """Nobody is, nobody does, and nobody prefers anything."""

    def check_active(self, name: str) -> None:
        del name

    def stands_for(self, name: str) -> frozenset[str]:
        del name
        return frozenset()

    def preferences(self, name: str) -> tuple[Attribute, ...]:
        del name
        return ()


class Logins(Protocol):
    """Knows people's passwords. Raises Unavailable, and Busy for whoever has failed too often."""

    async def claims(self, name: str) -> str | None: ...

    async def proves(self, person: str, password: str, source: str) -> bool: ...


class NoLogins:
    """Nobody has one."""

    async def claims(self, name: str) -> str | None:
        del name
        return None

    async def proves(self, person: str, password: str, source: str) -> bool:
        del person, password, source
        return False


class Sessions(Protocol):
    """Knows whose a session is. Raises Unavailable, and Busy for whoever has come with too many wrong ones."""

    async def by_token(self, token: Secret, source: str) -> Session | None: ...


class NoSessions:
    """There are none."""

    async def by_token(self, token: Secret, source: str) -> Session | None:
        del token, source
        return None


_ORDINARY = Owners()


def ordinary() -> Owners:
    """Names are mapped by the usual rules."""
    return _ORDINARY


def of_no_group(caller: Caller) -> frozenset[str]:
    """Nobody is known to belong to any group."""
    del caller
    return frozenset()


class Counting(Protocol):
    """Counts requests for monitoring."""

    def ipp_request(self, operation: str, status: str, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything behind the door."""

    intake: Intake
    desk: Desk
    release: Release
    fleet: Fleet
    traffic: Traffic
    suspension: Suspension
    notices: Notices
    operators: Operators = field(default_factory=Nobody)
    private_uris: PrivateUris = field(default_factory=Nobody)
    stations: Stations = field(default_factory=NoStations)
    owners: Callable[[], Owners] = ordinary  # the mapping in force
    people: People = field(default_factory=Everybody)
    logins: Logins = field(default_factory=NoLogins)
    sessions: Sessions = field(default_factory=NoSessions)
    groups_of: Callable[[Caller], frozenset[str]] = of_no_group  # groups that somebody belongs to
    allowance: Allowance = field(default_factory=Boundless)
    documents: Documents = field(kw_only=True)
    resubmission: Resubmission = field(kw_only=True)
