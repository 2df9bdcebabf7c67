"""Who is told what: subscriptions, and notices of what has happened, for those who fetch them (RFC 3995, RFC 3996).

    wish          what a request asks to be told, held against what can be told
    notices       subscribe, look, renew, cancel, fetch, and wait for what comes
    board         who waits in this worker, and for which subscriptions
    words         a notice as a sentence
    sweep         leases that are over, notices that are old
    settings      how much is borne

Notices are written by the database, in the transaction of the change that they tell (sql/migrations/0016): whichever
worker made it, none is lost and their order is that of the changes. Here they are only fetched.
"""

from ippgate.notice.board import Board
from ippgate.notice.notices import Notices
from ippgate.notice.settings import NoticeSettings
from ippgate.notice.sweep import NoticeSweeper

__all__ = ["Board", "NoticeSettings", "NoticeSweeper", "Notices"]
