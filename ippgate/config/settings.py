"""Every key there is, with default, unit, bounds and explanation: the only list. conf/ippgate.toml is printed from it.

Sizes are octets, times are seconds, whatever way they were written. All are frozen values, which workers get pickled.
"""

from dataclasses import dataclass, field
from pathlib import Path

from ippgate.config import form
from ippgate.config.conversion import ConvertSettings
from ippgate.config.form import EMBEDDED
from ippgate.config.notices import NoticeSettings
from ippgate.config.option import option
from ippgate.config.people import LimitsSettings, OwnersSettings, PeopleSettings, PrivacySettings
from ippgate.config.readers import ReadersSettings
from ippgate.config.unit import DAY, GIB, HOUR, KIB, MIB, MINUTE, TIB

HOME = "~/.local/share/ippgate"
RULES = "rules.toml"
SYSTEM_RULES = Path("/etc/ippgate") / RULES


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where clients reach the gate."""

    host: str = option(
        "127.0.0.1", "The address to listen on. 0.0.0.0 or :: opens the gate to the network.", form=form.host
    )
    port: int = option(8631, "The TCP port to listen on; 0 takes a free one.", counts="port", low=0, high=65_535)
    tls: bool = option(True, "Whether the gate is reached by TLS too: ipps and https, on a port of their own.")
    tls_port: int = option(
        8632, "The TCP port of ipps and https; 0 takes a free one.", counts="port", low=0, high=65_535
    )
    tls_certificate: str = option(
        "",
        "The certificate that clients are shown, with its chain, in a PEM file. Read again when it changes. Empty: the"
        " gate makes its own in its home, and renews it before it ends.",
        form=form.file,
    )
    tls_key: str = option(
        "", "The PEM file of its key. Empty: it is in the same file as the certificate.", form=form.file
    )
    client_ca: str = option(
        "",
        "The certificates of whoever issues certificates to people, intermediate ones included, in a PEM file: who"
        " shows one over TLS is known by it, without a password. Read again when it changes. Empty: nobody is.",
        form=form.file,
    )
    client_name: str = option(
        "common-name",
        "Where in such a certificate the person's name stands: in its subject, or (email, principal) among its"
        " alternative names.",
        choices=("common-name", "email", "principal"),
    )
    workers: int = option(
        1, "Processes that share the port; about one for each core.", counts="processes", low=1, high=64
    )
    public_name: str = option(
        "",
        "The host name written into printer-uri and job-uri. Empty: the name that each client used.",
        form=form.public_name,
    )
    time_zone: str = option(
        "",
        "The time zone of the people who print, such as Europe/Zurich: in it rules speak of hours and days, and jobs"
        " are held until the evening or the weekend. Empty: the machine's.",
        form=form.time_zone,
    )
    contact_name: str = option("", "Who helps people that print, as they see it (printer-service-contact-col).")
    contact_uri: str = option(
        "", "How to reach them: mailto:, tel: or https:. Empty: nobody is named.", form=form.contact
    )
    plain_pages: bool = option(
        False, "Whether people may log in at pages that are not served over TLS: for panels that are too old for it."
    )
    drain: float = option(
        30, "How long a stopping server lets requests and deliveries finish.", unit="seconds", low=0, high=HOUR
    )


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """The PostgreSQL that holds jobs and documents."""

    dsn: str = option(
        EMBEDDED,
        'A DSN of PostgreSQL 15 or newer, or "embedded": the gate runs its own PostgreSQL 18 in its home.',
        form=form.dsn,
        secret=True,
    )
    pool_size: int = option(
        10,
        "Connections that each worker opens at most, besides the one that listens for notifications.",
        counts="connections",
        low=2,
        high=500,
    )
    connect_timeout: float = option(
        10, "How long one attempt to connect may take.", unit="seconds", low=0.1, high=10 * MINUTE
    )
    statement_timeout: float = option(
        60, "How long one statement may take before it is given up.", unit="seconds", low=1, high=HOUR
    )


@dataclass(frozen=True, slots=True)
class SpoolSettings:
    """Documents at rest."""

    max_document: int = option(
        4 * GIB, "The largest document that is taken, as received and inflated.", unit="octets", low=KIB, high=4 * TIB
    )
    keep_printed: float = option(
        0,
        "How long a document stays after its job has ended. 0: its key is destroyed in the moment the job ends.",
        unit="seconds",
        low=0,
        high=365 * DAY,
    )
    keep_held: float = option(
        2 * DAY,
        "How long a job may stay held, where neither a rule nor its queue says; then it is cancelled. 0: for ever.",
        unit="seconds",
        low=0,
        high=3650 * DAY,
    )
    retain_limit: int = option(
        31 * DAY,
        "How long clients may have the documents of their ended jobs retained, to print them again (job-retain-until)."
        " 0: not at all.",
        unit="seconds",
        low=0,
        high=3650 * DAY,
    )
    retain_forever: bool = option(
        False, "Whether they may have them retained until operators forget their jobs (job-retain-until indefinite)."
    )
    stored_limit: int = option(
        31 * DAY,
        "How long jobs that clients store, to print them again and again, are kept (job-storage). 0: none is stored.",
        unit="seconds",
        low=0,
        high=3650 * DAY,
    )
    sweep_interval: float = option(
        30, "How often what ended jobs and crashes left is removed.", unit="seconds", low=1, high=DAY
    )


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """How jobs arrive, and how much of a client's time and weight is borne."""

    multiple_operation_time_out: int = option(
        120,
        "How long a job made by Create-Job may wait for its next document before it is aborted"
        " (multiple-operation-time-out).",
        unit="seconds",
        low=1,
        high=DAY,
    )
    max_uploads: int = option(
        256,
        "Documents that arrive at one worker at the same time; one more is told to try again.",
        counts="documents",
        low=1,
        high=100_000,
    )
    max_documents: int = option(100, "Documents in one job at the most.", counts="documents", low=1, high=1000)
    inflate_ratio: int = option(
        1000,
        "A compressed document that grows by more than this factor is refused as a bomb.",
        counts="times",
        low=2,
        high=100_000,
    )
    header_timeout: float = option(
        15, "How long a client may take to send the head of a request.", unit="seconds", low=1, high=HOUR
    )
    body_timeout: float = option(
        60, "How long a client may send nothing in the middle of a document.", unit="seconds", low=1, high=DAY
    )
    rate: int = option(
        256,
        "Octets that a document brings in each second, on average over its time, silence included.",
        counts="octets a second",
        low=0,
        high=GIB,
    )
    rate_grace: float = option(
        60, "How long a document may take before that average counts.", unit="seconds", low=1, high=DAY
    )
    answer_timeout: float = option(
        60, "How long a client may take nothing of its answer.", unit="seconds", low=1, high=HOUR
    )
    idle_timeout: float = option(
        60, "How long a connection is kept open between requests.", unit="seconds", low=1, high=HOUR
    )
    max_connections: int = option(
        4096, "Connections that one worker has open at the same time.", counts="connections", low=1, high=1_000_000
    )
    max_connections_per_address: int = option(
        512,
        "Of those, how many may come from one address; print servers and NAT put many people behind one.",
        counts="connections",
        low=1,
        high=1_000_000,
    )


@dataclass(frozen=True, slots=True)
class ExamineSettings:
    """How documents are examined: what they are, how many pages they have, which of them are in colour."""

    processes: int = option(
        2,
        "Documents that one worker examines at the same time, each in a process, those apart that nobody waits for.",
        counts="processes",
        low=1,
        high=64,
    )
    seconds: float = option(
        20, "How long examining one document may take; then its pages are unknown.", unit="seconds", low=1, high=HOUR
    )
    memory: int = option(
        512 * MIB, "The memory that examining one document may take.", unit="octets", low=128 * MIB, high=64 * GIB
    )
    max_pages: int = option(
        100_000, "A document of more pages than this is unknown.", counts="pages", low=1, high=10_000_000
    )
    interval: float = option(
        5, "How often documents that nobody has examined are looked for.", unit="seconds", low=0.1, high=HOUR
    )


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """How released jobs reach their devices."""

    lease: float = option(
        15, "How long a worker that gives no sign of life keeps what it carries.", unit="seconds", low=2, high=HOUR
    )
    poll: float = option(
        5, "How often lanes are looked at when no notification comes.", unit="seconds", low=0.1, high=HOUR
    )
    lane_depth: int = option(16, "Jobs that a worker leases ahead for each device.", counts="jobs", low=1, high=10_000)
    at_device: int = option(
        4, "Jobs that are followed at one device at the same time.", counts="jobs", low=1, high=1000
    )
    busy_limit: float = option(
        15 * MINUTE,
        "How long a busy or silent device is tried before its jobs are held again with the reason.",
        unit="seconds",
        low=1,
        high=7 * DAY,
    )
    connect_timeout: float = option(
        10, "How long a device may take to accept a connection.", unit="seconds", low=0.1, high=10 * MINUTE
    )
    answer_timeout: float = option(
        60, "How long a device may take to answer an IPP request.", unit="seconds", low=1, high=HOUR
    )
    stall_timeout: float = option(
        120,
        "A device that takes no octet of a document for this long (no paper, say) is given up.",
        unit="seconds",
        low=1,
        high=DAY,
    )
    close_timeout: float = option(
        30, "How long a raw device may take to close after the last octet.", unit="seconds", low=0.1, high=HOUR
    )
    answer_limit: int = option(
        MIB, "A device's answer that is larger is refused.", unit="octets", low=16 * KIB, high=64 * MIB
    )


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """How devices are watched."""

    watch_interval: float = option(
        30, "How often each device is asked about its state.", unit="seconds", low=1, high=DAY
    )


@dataclass(frozen=True, slots=True)
class DiscoverySettings:
    """Whether clients find queues by themselves: DNS-SD, which AirPrint, Mopria and CUPS look for."""

    enabled: bool = option(
        True,
        "Whether queues are announced on the networks that the server listens on. On loopback alone (server.host)"
        " nothing is.",
    )
    interfaces: str = option(
        "",
        "Only on these: names of interfaces, or addresses, with commas between them. Empty: on all but loopback.",
        form=form.interfaces,
    )


@dataclass(frozen=True, slots=True)
class RulesSettings:
    """Rules that judge jobs when they arrive and when they are released."""

    file: str = option(
        "",
        "The rules file. Empty: rules.toml in the gate's home, else in /etc/ippgate, else there are no rules.",
        form=form.rules_path,
    )
    poll: float = option(1, "How often the file is looked at for changes.", unit="seconds", low=0.1, high=HOUR)


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is written to standard error."""

    format: str = option(
        "auto", "json, console, or auto: console on a terminal and json elsewhere.", choices=("auto", "json", "console")
    )
    level: str = option(
        "info", "The least important level that is written.", choices=("debug", "info", "warning", "error")
    )


@dataclass(frozen=True, slots=True)
class MetricsSettings:
    """What monitoring systems see at /metrics."""

    enabled: bool = option(True, "Whether /metrics is served.")
    refresh: float = option(
        15, "How old the counts of held jobs and device states may be.", unit="seconds", low=1, high=HOUR
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a gate, and the map of its home."""

    home: Path
    server: ServerSettings = field(default_factory=ServerSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    spool: SpoolSettings = field(default_factory=SpoolSettings)
    intake: IntakeSettings = field(default_factory=IntakeSettings)
    limits: LimitsSettings = field(default_factory=LimitsSettings)
    examine: ExamineSettings = field(default_factory=ExamineSettings)
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    device: DeviceSettings = field(default_factory=DeviceSettings)
    convert: ConvertSettings = field(default_factory=ConvertSettings)
    discovery: DiscoverySettings = field(default_factory=DiscoverySettings)
    rules: RulesSettings = field(default_factory=RulesSettings)
    owners: OwnersSettings = field(default_factory=OwnersSettings)
    people: PeopleSettings = field(default_factory=PeopleSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    readers: ReadersSettings = field(default_factory=ReadersSettings)
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    log: LogSettings = field(default_factory=LogSettings)
    metrics: MetricsSettings = field(default_factory=MetricsSettings)

    @property
    def embedded(self) -> bool:
        """Whether the gate runs its own PostgreSQL."""
        return self.database.dsn == EMBEDDED

    @property
    def keys(self) -> Path:
        """The folder of the master keys (0700, its files 0600)."""
        return self.home / "keys"

    @property
    def tls(self) -> Path:
        """The folder of the gate's own certificate and its key (0700, its files 0600)."""
        return self.home / "tls"

    @property
    def postgres(self) -> Path:
        """The data of the embedded PostgreSQL."""
        return self.home / "postgres"

    @property
    def printed(self) -> Path:
        """What the demo device has printed."""
        return self.home / "printed"

    @property
    def rules_file(self) -> Path:
        """Where the rules are, or would be."""
        if self.rules.file:
            return Path(self.rules.file).expanduser()
        return next((file for file in (self.home / RULES, SYSTEM_RULES) if file.is_file()), self.home / RULES)

    @property
    def run(self) -> Path:
        """What lives only while the server runs."""
        return self.home / "run"
