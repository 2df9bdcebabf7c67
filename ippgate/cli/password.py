"""A password as somebody gives it to a command: typed twice, or piped in as one line; never among its words."""

import getpass
import sys

from ippgate.cli.sentence import FailedError

LONGEST_LINE = 4096
"""Characters of a piped line that are read; a password is shorter by far."""


def typed_password() -> str:
    """Raises FailedError when the two that are typed differ, or none is given."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline(LONGEST_LINE).rstrip("\r\n")
    else:
        password = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != password:
            raise FailedError("the two are not the same")
    if not password:
        raise FailedError("no password was given: type it, or pipe it in as one line")
    return password
