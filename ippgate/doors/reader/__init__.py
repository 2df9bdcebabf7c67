"""The card readers' door: lines over TCP, in TLS with the gate's certificate, or plain where an operator says so.

A reader dials in and stays. Each line ends with LF (CR before it is passed over) and is answered by one line; the
gate never speaks first.

    HELLO <token>               OK <name> <number>      the number of its last tap: the next one has a higher one
    HELLO                       the same, from one that has shown its certificate with TLS
    TAP <card> <number>         OK <words>              for its display
                                UNKNOWN                 nobody has that card
    PING                        PONG                    at least once in `silence` seconds

    instead of any of these     DENIED <sentence>       that is not so; tried again as it stands it will not be either
                                BUSY <seconds>          not now: try again after so many

`<card>` is as the reader reads it, blanks within included; `<number>` is decimal, 1 to 2^63-1, higher with every tap.
One who does not say HELLO, says it wrongly, or has been replaced by another connection of its own, is told so and the
connection ends; so does one whose line is too long, that says nothing for too long, or that is one too many.

protocol    lines, read and written (pure)
talk        one reader's connection
door        listening, TLS, how many there may be
settings    every bound
"""

from ippgate.doors.reader.door import ReaderDoor
from ippgate.doors.reader.settings import ReaderDoorSettings

__all__ = ["ReaderDoor", "ReaderDoorSettings"]
