"""Operators' commands. They use the server's own services on the same database, also while the server is down.

    root        the command `ippgate`: global options, exit codes; imports a command when it is called
    sentence    errors as one sentence each
    work        what a command works with: settings, caller, an open gate
    show        tables for people, plain columns for pipes, JSON for programs
    facts       jobs, queues and devices as plain values
    decision    what rules decided, as it is printed
    trial       a job that does not exist, for `rule try`
    serve  db  queue  uri  device  job  rule  key  config  doctor   the commands

Exit codes: 0 done; 1 refused or failed, with one sentence on standard error; 2 wrong usage.
"""

from ippgate.cli.root import main

__all__ = ["main"]
