"""What settings say of documents, as services take it: how they are examined and converted."""

from dataclasses import replace
from pathlib import Path

from ippgate.config import Settings
from ippgate.convert.settings import ConvertSettings
from ippgate.examine import ExamineSettings


def examine_settings(settings: Settings) -> ExamineSettings:
    """How documents are examined for which somebody waits."""
    chosen = settings.examine
    return ExamineSettings(chosen.processes, chosen.seconds, chosen.memory, chosen.max_pages)


def patient_settings(settings: Settings) -> ExamineSettings:
    """For documents that nobody waits for: fewer at once, when the machine has nothing else to do."""
    asked = examine_settings(settings)
    return replace(asked, processes=max(1, asked.processes - 1), nice=19)


def convert_settings(settings: Settings) -> ConvertSettings:
    """How documents are converted."""
    chosen = settings.convert
    return ConvertSettings(
        enabled=chosen.enabled,
        command=Path(chosen.command),
        programs=Path(chosen.programs),
        temp=Path(chosen.temp),
        seconds=chosen.seconds,
        memory=chosen.memory,
        room=chosen.room,
        output=chosen.output,
        processes=chosen.processes,
        at_once=chosen.at_once,
    )
