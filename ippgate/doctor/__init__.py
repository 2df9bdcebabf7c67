"""Why something does not print (PRODUCT A8): "my jobs don't show", "it is released but nothing prints", "I can't log
in", each answered with its cause and what to do.

    doctor     the service: gathers what is known at this moment
    device     a device: itself, the wire to it, its lane, the last deliveries
    job        a job: what keeps it, its queue, its way
    person     somebody: who they are to the gate, what they have, how they log in
    alike      names that may be meant for the same person
    card       a card that its reader has sent, and whose it may be

What is found is decided purely from what was gathered, so it is the same at the command line and on a page.
"""

from ippgate.doctor.doctor import Doctor, DoctorSettings

__all__ = ["Doctor", "DoctorSettings"]
