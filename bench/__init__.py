"""How fast the gate is, beside its peers on the same machine in the same run.

`python -m bench [p1 p3 …] [--quick] [--json FILE]`. A figure counts only as a ratio of two measurements that took
turns, or as a shape (how a cost grows); absolute figures of another day or machine say nothing. One file, one question:

    p1_intake     held jobs accepted per second, against cupsd
    p2_backlog    the same with a thousand, a hundred thousand and a million jobs held
    p3_delivery   released jobs to the last octet at the devices, against cupsd
    p4_large      one document of a gigabyte, against bare PostgreSQL and cupsd; and the memory it takes
    p5_release    Release-Job to the first octet at the device, against cupsd; and two hundred people at once
    p6_listing    Get-Jobs of one person among a hundred thousand
    p7_decode     decoding printers' answers, against pyipp

What they share:

    gate          a home with its database, and a real `ippgate serve` process on it
    peer_cupsd    a private cupsd that promises as much: every document synced
    peer_postgres bare PostgreSQL: lo_put on one connection
    held          many held jobs at once, by SQL (held_jobs.sql)
    load          wrk posting one prebuilt Print-Job
    client        a lean IPP client over kept connections, for exact counts and single times
    request       the IPP requests, made once
    document      what is printed: random octets, and octets that shrink as PCL XL does
    sinks         raw devices in a process of their own (sink_process), with the times of first and last octets
    memory        the most memory a process had
    figure        a figure, its bar and the verdict
    quantile      medians and percentiles
    machine       what it was measured on
    table         figures for people (rich) and for programs (JSON)
    run           what the questions of one run have in common
"""
