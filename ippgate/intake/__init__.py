"""The one way in, for every door: a request that has been understood becomes a job that is safe.

`ticket` judges what was asked for, `inflate` undoes IPP compression, `intake` makes jobs and takes their documents.
"""

from ippgate.intake.intake import Intake, IntakeSettings

__all__ = ["Intake", "IntakeSettings"]
