"""The closed list of things worth noticing. What is not here is not logged."""

from enum import StrEnum


class Event(StrEnum):
    """An event's name is what a log line is found by; its facts are listed here, `job` comes from the context."""

    # the server
    SERVER_STARTED = "server.started"  # address, workers
    SERVER_DRAINING = "server.draining"  # seconds
    WORKER_STARTED = "worker.started"  # worker, pid
    WORKER_STOPPED = "worker.stopped"  # worker
    WORKER_DIED = "worker.died"  # pid, status
    DATABASE_LOST = "database.lost"  # reason
    MISHAP = "mishap"  # an error nobody expected: error_id, and its trace

    # arrives
    CLIENT_REFUSED = "client.refused"  # operation, status, reason
    CLIENT_GONE = "client.gone"  # octets
    CLIENT_SLOW = "client.slow"  # what
    CLIENT_TURNED_AWAY = "client.turned_away"  # reason: a bound on connections or uploads was met
    JOB_CREATED = "job.created"  # queue, user: Create-Job, no document yet
    JOB_ACCEPTED = "job.accepted"  # queue, user, octets, format
    DOCUMENT_EXAMINED = "document.examined"  # format, pages, reason: why they are not known
    JOB_JUDGED = "job.judged"  # rules: names of those that changed something, outcome
    EXAMINER_LOST = "examiner.lost"  # pid, reason: a document broke the process that examined it
    JOB_STORED = "job.stored"  # queue, user: it is here to be printed again, and is not printed now
    JOB_STORED_NO_LONGER = "job.stored_no_longer"  # user
    JOB_RESUBMITTED = "job.resubmitted"  # copy: the new job's id, user
    JOB_ABANDONED = "job.abandoned"  # its client was silent for too long

    # is held, changed, released
    JOB_HOLD_ENDED = "job.hold_ended"  # the time until which it was held has come
    JOB_HELD = "job.held"  # user, until, reason
    JOB_CHANGED = "job.changed"  # user
    JOB_CLAIMED = "job.claimed"  # user: who gave it, owner: whose it is now
    JOB_RELEASED = "job.released"  # user, owner: whose it is, device, changes: names of what was bound late
    JOB_OVERRIDDEN = "job.overridden"  # user, action: an operator released it without what its owner asked for
    JOB_UNLOCKED = "job.unlocked"  # user: its password may be tried again
    PASSWORD_WRONG = "password.wrong"  # user, client  # noqa: S105 - an event's name
    PASSWORD_LOCKED = "password.locked"  # user, client: too often wrong  # noqa: S105 - an event's name
    DEVICE_CHOSEN = "device.chosen"  # device, passed: why each of the others was not
    JOB_CANCELED = "job.canceled"  # user
    DOCUMENT_CANCELED = "document.canceled"  # document: its number, user: one of several is not printed
    JOB_TIMED_OUT = "job.timed_out"  # it has been processing for longer than its client allows
    JOB_SUSPENDED = "job.suspended"  # user, device
    JOB_RESUMED = "job.resumed"  # user, device
    JOB_SCHEDULED = "job.scheduled"  # user, after: the job behind which it goes; none: it is the next
    JOB_EXPIRED = "job.expired"  # it has waited as long as a rule or its queue allows

    # is delivered
    DELIVERY_STARTED = "delivery.started"  # device, attempt
    DELIVERY_WAITING = "delivery.waiting"  # device, reason: busy or silent, tried again
    DELIVERY_SENT = "delivery.sent"  # device, device_job
    DELIVERY_DOCUMENT = "delivery.document"  # device, document: its number; one of several came out, the next goes
    DELIVERY_COMPLETED = "delivery.completed"  # device, impressions
    DELIVERY_HELD = "delivery.held"  # device, reason: given back to its owner
    DELIVERY_CANCELED = "delivery.canceled"  # device
    DELIVERY_ABORTED = "delivery.aborted"  # device, reason
    DELIVERY_UNKNOWN = "delivery.unknown"  # device, reason: nobody knows what was printed
    DELIVERY_INHERITED = "delivery.inherited"  # from a worker that is gone
    DOCUMENT_CONVERTED = "document.converted"  # device, source, format, octets, seconds
    DOCUMENT_UNCONVERTED = "document.unconverted"  # device, source, format, reason, log: the end of what filters said
    DOCUMENT_DAMAGED = "document.damaged"  # reason

    # the spool
    SPOOL_SWEPT = "spool.swept"  # documents
    KEY_MADE = "key.made"  # key
    KEY_ROTATED = "key.rotated"  # key, jobs

    # the fleet
    QUEUE_ADDED = "queue.added"  # queue
    QUEUE_CHANGED = "queue.changed"  # queue, user: who described it anew
    QUEUE_REMOVED = "queue.removed"  # queue
    QUEUE_PAUSED = "queue.paused"  # queue, user
    QUEUE_RESUMED = "queue.resumed"  # queue, user
    QUEUE_ENABLED = "queue.enabled"  # queue, user
    QUEUE_DISABLED = "queue.disabled"  # queue, user
    QUEUE_HOLDS_NEW = "queue.holds_new"  # queue, user: jobs that come now wait
    QUEUE_TAKES_NEW = "queue.takes_new"  # queue, user
    DEVICE_ADDED = "device.added"  # device, uri
    DEVICE_CHANGED = "device.changed"  # device: its registration, or its logins, auto_release
    DEVICE_REMOVED = "device.removed"  # device
    DEVICE_STATE_CHANGED = "device.state_changed"  # device, state, reasons
    DEVICE_SILENT = "device.silent"  # device, reason
    GROUP_ADDED = "group.added"  # group
    GROUP_CHANGED = "group.changed"  # group
    GROUP_REMOVED = "group.removed"  # group
    QUEUE_ANNOUNCED = "queue.announced"  # queue, name: the one that was free, addresses
    DISCOVERY_FAILED = "discovery.failed"  # reason
    PRINTER_IDENTIFIED = "printer.identified"  # queue: somebody asked the queue to show itself

    # subscriptions
    SUBSCRIPTION_ADDED = "subscription.added"  # subscription, user
    SUBSCRIPTION_CANCELED = "subscription.canceled"  # subscription, user
    SUBSCRIPTIONS_SWEPT = "subscriptions.swept"  # subscriptions: their leases, or their jobs, are over

    # rules
    RULES_LOADED = "rules.loaded"  # file, rules: so many, digest
    RULES_REFUSED = "rules.refused"  # file, problems: so many, reason: the first, kept: rules that stay in force

    # operators
    OPERATOR_ADDED = "operator.added"  # user
    OPERATOR_CHANGED = "operator.changed"  # user: the password
    OPERATOR_REMOVED = "operator.removed"  # user
    OPERATOR_REFUSED = "operator.refused"  # user as it was given, client, reason

    # people
    PERSON_ADDED = "person.added"  # user, active
    PERSON_CHANGED = "person.changed"  # user, active
    PERSON_PASSWORD_SET = "person.password_set"  # user, password: whether there is one  # noqa: S105 - an event's name
    PERSON_PIN_SET = "person.pin_set"  # user, pin: whether there is one
    PERSON_REMOVED = "person.removed"  # user
    DELEGATE_ADDED = "delegate.added"  # owner: whose jobs, delegate: who may see and release them, user: who says so
    DELEGATE_REMOVED = "delegate.removed"  # owner, delegate, user

    CARD_ADDED = "card.added"  # card: its id, user
    CARD_REMOVED = "card.removed"  # card, user
    CARD_CODE_MADE = "card.code_made"  # user: who may register a card with it
    CARD_CODE_REFUSED = "card.code_refused"  # client
    CARD_REGISTERED = "card.registered"  # card, user, client: by the person

    CARD_TAPPED = "card.tapped"  # device, client: the reader, user, station: whose page is told
    LOGIN_REFUSED = "login.refused"  # user as it was given, or device, client, reason
    CARDS_IN_A_ROW = "cards.in_a_row"  # device, client: unknown numbers that look counted
    SESSION_OPENED = "session.opened"  # session: its id, user, kind
    SESSION_REFUSED = "session.refused"  # client
    SESSION_ENDED = "session.ended"  # session, user
    SESSIONS_REVOKED = "sessions.revoked"  # user, sessions: so many

    # printer URIs with a secret, which no line has
    PRIVATE_URI_ADDED = "private_uri.added"  # uri: its number, queue, user, workstation
    PRIVATE_URI_REVOKED = "private_uri.revoked"  # uri, queue, user, workstation
    PRIVATE_URI_REFUSED = "private_uri.refused"  # queue, client

    # stations
    STATION_ADDED = "station.added"  # station, names_people
    STATION_CHANGED = "station.changed"  # station, names_people
    STATION_RENEWED = "station.renewed"  # station: its certificate or secret
    STATION_CODE_MADE = "station.code_made"  # station: which one whoever brings it will be
    STATION_CODE_REFUSED = "station.code_refused"  # client
    STATION_ENROLLED = "station.enrolled"  # station, client: who has its secret from now on
    STATION_REMOVED = "station.removed"  # station
    STATION_REFUSED = "station.refused"  # station as it was given, client, reason
    STATION_NAMED = "station.named"  # station, user: whom it says to have authenticated, device, operation, client

    # card readers
    READER_ADDED = "reader.added"  # reader, device, station: whose page is told; empty: it stands alone
    READER_CHANGED = "reader.changed"  # reader, device, station
    READER_RENEWED = "reader.renewed"  # reader: its token
    READER_REMOVED = "reader.removed"  # reader
    READER_CONNECTED = "reader.connected"  # reader, client
    READER_REFUSED = "reader.refused"  # reader as it was given, client, reason
    READER_MISBEHAVES = "reader.misbehaves"  # client, reason: its connection ends
    READER_REPLAYED = "reader.replayed"  # reader, sequence: of a tap that does not count, last: of the one that did

    # owners
    PRIVATE_READ = "private.read"  # user: an operator who asked, jobs whose titles were told, more: not listed here
    ALIAS_ADDED = "alias.added"  # name, owner, network, queue
    ALIAS_REMOVED = "alias.removed"  # name, network, queue

    # TLS
    CERTIFICATE_MADE = "certificate.made"  # names, until
    CERTIFICATE_LOADED = "certificate.loaded"  # until, fingerprint: shown to clients from now on
    CERTIFICATE_UNUSABLE = "certificate.unusable"  # reason: the former one is shown on

    # said by libraries
    LIBRARY = "library"  # logger, said


GRAVE = frozenset({Event.MISHAP, Event.DATABASE_LOST, Event.WORKER_DIED, Event.DOCUMENT_DAMAGED})
"""Somebody must look: logged as errors."""

NOTABLE = frozenset(
    {
        Event.CLIENT_SLOW,
        Event.CLIENT_TURNED_AWAY,
        Event.EXAMINER_LOST,
        Event.DELIVERY_HELD,
        Event.DELIVERY_ABORTED,
        Event.DELIVERY_UNKNOWN,
        Event.DELIVERY_INHERITED,
        Event.DEVICE_SILENT,
        Event.DISCOVERY_FAILED,
        Event.RULES_REFUSED,
        Event.OPERATOR_REFUSED,
        Event.PRIVATE_URI_REFUSED,
        Event.CARD_CODE_REFUSED,
        Event.LOGIN_REFUSED,
        Event.CARDS_IN_A_ROW,
        Event.SESSION_REFUSED,
        Event.JOB_OVERRIDDEN,
        Event.PASSWORD_WRONG,
        Event.PASSWORD_LOCKED,
        Event.STATION_REFUSED,
        Event.CERTIFICATE_UNUSABLE,
    }
)
"""Not as hoped: logged as warnings."""
