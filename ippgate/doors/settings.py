"""How much of a client's time and weight is borne: every bound of the doors, with the reason for its default."""

from dataclasses import dataclass, field

from ippgate.ipp import Limits
from ippgate.model.privacy import Privacy
from ippgate.model.storage import Access
from ippgate.notice.settings import NoticeSettings


@dataclass(frozen=True, slots=True)
class DoorSettings:
    """Times in seconds, sizes in octets."""

    host: str = "127.0.0.1"
    port: int = 8631  # 0: a free one
    tls_port: int | None = None  # of ipps and https; 0: a free one, None: there is none
    public_name: str = ""  # the host in URIs that clients are told; empty: the one each client used
    contact_name: str = ""  # who helps people that print, and how they are reached; empty: nobody is named
    contact_uri: str = ""

    # Pages on which people log in are served over TLS alone, but for panels that are too old for it.
    plain_pages: bool = False

    # Sizes. A header has its own limits; 4 GiB is a thousand pages of photographs.
    max_document: int = 4 << 30
    inflate_ratio: int = 1000
    limits: Limits = field(default_factory=Limits)

    # Deadlines. Clients render while they send: a page may take half a minute, so silence inside a document is borne
    # longer than silence inside a request's head, which is written in one go.
    header_timeout: float = 15.0
    body_timeout: float = 60.0
    idle_timeout: float = 60.0  # between requests; CUPS clients come back within seconds
    answer_timeout: float = 60.0  # a client that takes nothing of its answer
    rate: int = 256  # octets a second that a document has on average, silence included; a slow modem has ten times that
    rate_grace: float = 60.0  # before the average counts

    # Connections. Print servers and NAT put many people behind one address.
    max_connections: int = 4096
    max_connections_per_address: int = 512
    backlog: int = 1024

    # After a refusal the rest of the request is read and dropped, so that the connection can be used again, but not
    # for ever: beyond this it is closed.
    drain_octets: int = 8 << 20
    drain_timeout: float = 5.0

    privacy: Privacy = field(default_factory=Privacy)  # what of jobs others do not see

    multiple_operation_time_out: int = 120  # told to clients; the time itself is kept by intake
    notices: NoticeSettings = field(default_factory=NoticeSettings)  # what clients are told of subscriptions
    stores: bool = True  # jobs that clients want stored (job-storage)
    storage_groups: bool = False  # also for groups: it is known who belongs to which
    several_documents: bool = True  # in one job; told to clients, intake counts them

    @property
    def storage_access(self) -> tuple[Access, ...]:
        """job-storage-access-supported; nothing: no jobs are stored."""
        return tuple(each for each in Access if self.stores and (each is not Access.GROUP or self.storage_groups))
