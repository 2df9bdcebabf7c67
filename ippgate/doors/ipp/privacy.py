"""What of a job only its owner sees (IPP.md section 2.6, PRODUCT D9): titles tell more than their authors think."""

from typing import Final

from ippgate.ipp.registry import attributes as A

PRIVATE: Final = (A.JOB_NAME, A.DOCUMENT_NAME_SUPPLIED)
"""job-privacy-attributes, with job-privacy-scope `owner`."""
