"""ippgate, a print gate: it holds what people print and hands it to the device its owner stands at.

The story of a job, and where each chapter is told:

    arrives       a client speaks IPP                             doors.ipp
                  its request is understood and judged            intake, model.capabilities
                  its document flows, sealed, into PostgreSQL     spool, store
    is judged     what the document is; what rules make of it     examine, document, policy
    is held       pending-held until its owner asks for it        hold
    is released   somebody names a device or a group              release
    is delivered  a lane carries it there and follows it          delivery, transport
    is accounted  the device's own count closes the story         delivery.outcome, store
    is told       whoever has subscribed fetches what happened    notice

Languages (pure; no clock, no I/O):
    ipp           IPP as bytes and names: values, messages, decoder, encoder, the registry of IANA
    model         the nouns and the law: job, lifecycle, queue, device, group, capabilities
    document      what was sent, judged from its octets: format, pages, colour, media; PJL in and out
    policy        rules: facts in, decision and explanation out

Memory and wires:
    store         PostgreSQL: pool, named queries, migrations, notifications, the embedded server
    spool         a document as sealed frames in one PostgreSQL large object
    examine       documents read in processes of their own, which may be killed
    convert       what a device cannot print made into what it can, by filters that are confined
    transport     how bytes reach a device: ipp(s), socket, lpd; one port, one conformance suite
    observe       logs, metrics, health

The cast and the doors:
    rulebook      the rules in force: a file, watched
    device        the fleet: registered by operators, grouped, probed, watched; what it can be asked for
    discovery     queues announced to the network, so that clients find them
    identity      people, operators, and the proof of being one; whose a job is
    doctor        why something does not print, and what to do
    notice        who is told what: subscriptions, and notices of what has happened
    doors.ipp     IPP operations: translate in, call a service, translate out
    doors.reader  card readers: lines over TCP
    doors.web     health and metrics for monitoring
    cli           operators' commands
    config, app   settings, and the one place where everything is put together
"""

__version__ = "0.1.0"
