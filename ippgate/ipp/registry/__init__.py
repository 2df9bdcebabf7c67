# Generated from IANA's IPP registry by `python -m ippgate.ipp.generate`: do not edit.
"""IANA's IPP registry as Python: names, codes, syntaxes, keywords, enums."""

from ippgate.ipp.registry.enums import (
    ClientType,
    DocumentState,
    Finishings,
    JobState,
    OrientationRequested,
    PowerState,
    PrintQuality,
    PrinterState,
    PrinterWifiState,
    ResourceState,
    SystemState,
    TransmissionStatus,
)
from ippgate.ipp.registry.operations import OPERATION_NAMES, Operation
from ippgate.ipp.registry.statuses import Status

__all__ = [
    "OPERATION_NAMES",
    "ClientType",
    "DocumentState",
    "Finishings",
    "JobState",
    "Operation",
    "OrientationRequested",
    "PowerState",
    "PrintQuality",
    "PrinterState",
    "PrinterWifiState",
    "ResourceState",
    "Status",
    "SystemState",
    "TransmissionStatus",
]
