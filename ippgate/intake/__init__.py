"""The one way in, for every door: a request that has been understood becomes a job that is safe.

`ticket` judges what was asked for, `inflate` undoes IPP compression, `intake` makes jobs and takes their documents by
`upload`. `examining` knows what a document is found to be, `judge` holds rules against a job, `verdict` says what
becomes of it, `conclusion` closes a job that has its documents. `allowance` knows how much may be held, `resubmission`
makes jobs of ended ones.
"""

from ippgate.intake.allowance import Allowance, Bounds
from ippgate.intake.conclusion import Conclusion
from ippgate.intake.examining import Examining
from ippgate.intake.intake import Intake, IntakeSettings
from ippgate.intake.judge import Judge
from ippgate.intake.resubmission import Resubmission
from ippgate.intake.upload import Upload

__all__ = [
    "Allowance",
    "Bounds",
    "Conclusion",
    "Examining",
    "Intake",
    "IntakeSettings",
    "Judge",
    "Resubmission",
    "Upload",
]
