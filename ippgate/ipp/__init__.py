"""IPP as bytes and names: pure, no socket, no clock.

- `tag`, `value`, `message`: what a message is made of; values keep their octets until somebody reads them
- `decoder`: octets → message, incremental, with limits; `encoder`: message → the same octets
- `builder`: Python → attributes, tags taken from the registry
- `validate`: what a request must satisfy before anybody looks at what it wants
- `registry`: names, codes, syntaxes, keywords, enums, generated from IANA's file by `generate`; `syntax` reads them
- `error`: their fault, with the status to answer
"""

from ippgate.ipp.builder import attribute, collection
from ippgate.ipp.decoder import Decoder, Limits, decode
from ippgate.ipp.encoder import END, encode, encode_attributes, encode_group, encode_header
from ippgate.ipp.error import BadValueError, DecodeError, IppError
from ippgate.ipp.message import Group, Message
from ippgate.ipp.registry import OPERATION_NAMES, DocumentState, JobState, Operation, PrinterState, Status
from ippgate.ipp.tag import Tag
from ippgate.ipp.validate import (
    JobTarget,
    answer_version,
    check_request,
    check_values,
    job_target,
    operation_name,
    printer_target,
)
from ippgate.ipp.value import (
    ADMIN_DEFINE,
    DELETE_ATTRIBUTE,
    NO_VALUE,
    NOT_SETTABLE,
    UNKNOWN,
    UNSUPPORTED,
    Attribute,
    LangString,
    Range,
    Resolution,
    Value,
)

__all__ = [
    "ADMIN_DEFINE",
    "DELETE_ATTRIBUTE",
    "END",
    "NOT_SETTABLE",
    "NO_VALUE",
    "OPERATION_NAMES",
    "UNKNOWN",
    "UNSUPPORTED",
    "Attribute",
    "BadValueError",
    "DecodeError",
    "Decoder",
    "DocumentState",
    "Group",
    "IppError",
    "JobState",
    "JobTarget",
    "LangString",
    "Limits",
    "Message",
    "Operation",
    "PrinterState",
    "Range",
    "Resolution",
    "Status",
    "Tag",
    "Value",
    "answer_version",
    "attribute",
    "check_request",
    "check_values",
    "collection",
    "decode",
    "encode",
    "encode_attributes",
    "encode_group",
    "encode_header",
    "job_target",
    "operation_name",
    "printer_target",
]
