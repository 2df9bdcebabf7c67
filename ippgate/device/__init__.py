"""The fleet: queues, devices and groups as operators register them, asked about themselves and watched.

book        what is registered, as a process reads it
fleet       what operators write into it
abilities   what devices and queues can be asked for
traffic     whether a queue takes jobs and lets them go
watch       devices asked about themselves, every so often
"""

from ippgate.device.fleet import Fleet

__all__ = ["Fleet"]
