"""The test rig: the real peers of a print gate, each with its own directories and free ports on loopback.

Nothing here touches the system's own services or configuration, and each part ends exactly the processes it started.

    where            a directory that daemons which drop root can reach, and free ports
    process          a program started, watched, ended; its log shown when a test fails
    command          a program run to its end, with a deadline
    eventually       wait for something by asking, until a deadline; changes: by signal, in this process
    crew, listener   the tasks and the listening socket of a server in this process
    documents        the documents that tests print; received: those that a device got
    certificate      what a device shows over TLS

    avahi            a private D-Bus and an avahi-daemon confined to loopback, which ippeveprinter needs
    cupsd            a private cupsd (cupsd_files): a client of the gate, a device, and the peer of the benchmark
    ippeveprinter    the real IPP Everywhere printer of the CUPS project
    filters          filters of CUPS that misbehave
    sink             a raw 9100 device that keeps what it gets and misbehaves on cue; pjl_device: its voice
    lpd_device       a line printer daemon in this process, likewise; cups_lpd: the real one, in front of a cupsd
    hostile_device   an IPP printer in this process, faithful (ipp_printer, printer_attributes) until told to lie (lies)
    proxy            a TCP proxy that cuts, stalls and drips, in front of PostgreSQL or a device
    database         what a test may do to a PostgreSQL; postgres15 is Debian's, embedded is PyPI's 18

    gate             the gate itself as a program, its operator, and its workers to kill
    ipp_client       somebody who prints, piece by piece, and asks about jobs

    cups_clients     lp, lpstat and cancel against any host
    ipptool          the conformance client, with its verdicts read back
    wrk              the load generator
"""
