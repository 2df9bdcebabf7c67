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
    JOB_ABANDONED = "job.abandoned"  # its client was silent for too long

    # is held, changed, released
    JOB_HELD = "job.held"  # user, until, reason
    JOB_CHANGED = "job.changed"  # user
    JOB_RELEASED = "job.released"  # user, device
    JOB_CANCELED = "job.canceled"  # user

    # is delivered
    DELIVERY_STARTED = "delivery.started"  # device, attempt
    DELIVERY_WAITING = "delivery.waiting"  # device, reason: busy or silent, tried again
    DELIVERY_SENT = "delivery.sent"  # device, device_job
    DELIVERY_COMPLETED = "delivery.completed"  # device, impressions
    DELIVERY_HELD = "delivery.held"  # device, reason: given back to its owner
    DELIVERY_CANCELED = "delivery.canceled"  # device
    DELIVERY_ABORTED = "delivery.aborted"  # device, reason
    DELIVERY_UNKNOWN = "delivery.unknown"  # device, reason: nobody knows what was printed
    DELIVERY_INHERITED = "delivery.inherited"  # from a worker that is gone
    DOCUMENT_DAMAGED = "document.damaged"  # reason

    # the spool
    SPOOL_SWEPT = "spool.swept"  # documents
    KEY_MADE = "key.made"  # key
    KEY_ROTATED = "key.rotated"  # key, jobs

    # the fleet
    QUEUE_ADDED = "queue.added"  # queue
    QUEUE_CHANGED = "queue.changed"  # queue
    QUEUE_REMOVED = "queue.removed"  # queue
    DEVICE_ADDED = "device.added"  # device, uri
    DEVICE_CHANGED = "device.changed"  # device: its registration
    DEVICE_REMOVED = "device.removed"  # device
    DEVICE_STATE_CHANGED = "device.state_changed"  # device, state, reasons
    DEVICE_SILENT = "device.silent"  # device, reason
    PRINTER_IDENTIFIED = "printer.identified"  # queue: somebody asked the queue to show itself

    # said by libraries
    LIBRARY = "library"  # logger, said


GRAVE = frozenset({Event.MISHAP, Event.DATABASE_LOST, Event.WORKER_DIED, Event.DOCUMENT_DAMAGED})
"""Somebody must look: logged as errors."""

NOTABLE = frozenset(
    {
        Event.CLIENT_SLOW,
        Event.CLIENT_TURNED_AWAY,
        Event.DELIVERY_HELD,
        Event.DELIVERY_ABORTED,
        Event.DELIVERY_UNKNOWN,
        Event.DELIVERY_INHERITED,
        Event.DEVICE_SILENT,
    }
)
"""Not as hoped: logged as warnings."""
