"""What proves somebody, as a command gets it: typed and not shown, or piped in as one line; never among its words."""

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


def typed_card() -> str:
    """The number of a card: a reader types it, or somebody who copies it. Raises FailedError when there is none."""
    number = getpass.getpass("Card: ") if sys.stdin.isatty() else sys.stdin.readline(LONGEST_LINE).rstrip("\r\n")
    if not number:
        raise FailedError("no card was given: hold it to the reader, or pipe its number in as one line")
    return number
