"""ippgate, a print gate: it holds what people print and hands it to the device its owner stands at.

The story of a job, and where each chapter is told:

    arrives       a client speaks IPP                             doors.ipp
                  its request is understood and judged            intake, model.capabilities
                  its document flows, sealed, into PostgreSQL     spool, store
    is held       pending-held until its owner asks for it        hold
    is released   somebody names a device                         release
    is delivered  a lane carries it there and follows it          delivery, transport
    is accounted  the device's own count closes the story         delivery.outcome, store

Languages (pure; no clock, no I/O):
    ipp           IPP as bytes and names: values, messages, decoder, encoder, the registry of IANA
    model         the nouns and the law: job, lifecycle, queue, device, capabilities

Memory and wires:
    store         PostgreSQL: pool, named queries, migrations, notifications, the embedded server
    spool         a document as sealed frames in one PostgreSQL large object
    transport     how bytes reach a device: ipp(s), socket; one port, one conformance suite
    observe       logs, metrics, health

The cast and the doors:
    device        the fleet: registered by operators, probed, watched
    doors.ipp     IPP operations: translate in, call a service, translate out
    doors.web     health and metrics for monitoring
    cli           operators' commands
    config, app   settings, and the one place where everything is put together
"""

__version__ = "0.1.0"
