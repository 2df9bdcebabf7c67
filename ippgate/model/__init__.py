"""The nouns and the law of a print gate, pure: no I/O, no clock, no logging.

`lifecycle` says how a job may move; `job`, `queue` and `device` say what the nouns are; `parcel` says what
a transport carries and what can come of it.
"""
