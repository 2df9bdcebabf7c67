"""What of a job only its owner sees (RFC 8011 section 9.4): titles tell more than their authors think."""

from typing import Final

from ippgate.ipp.registry import attributes as A

PRIVATE: Final = (A.JOB_NAME, A.DOCUMENT_NAME_SUPPLIED)
"""job-privacy-attributes, with job-privacy-scope `owner`."""
