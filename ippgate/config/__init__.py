"""Settings: a TOML file and the environment, read once, every fault named at once with its remedy.

    form        what a text has to look like
    option      what a key may hold: unit, bounds, and the sentence that explains it
    settings    every key there is, as frozen dataclasses; the only list, with `conversion`; `unit` has its units
    quantity    octets and seconds as people write them
    check       one value against its option
    file        finding and reading the TOML file, with line numbers
    environment IPPGATE_<SECTION>_<KEY>
    load        file + environment + defaults → Settings, or ConfigError
    render      the commented file, and `config show` with secrets masked

Only `app` and `cli` read configuration (the walls of ARCHITECTURE.md); services get constructor arguments.
"""

from ippgate.config.conversion import ConvertSettings
from ippgate.config.load import Configuration, load, read
from ippgate.config.problem import ConfigError, Problem
from ippgate.config.settings import (
    DatabaseSettings,
    DeliverySettings,
    DeviceSettings,
    IntakeSettings,
    LogSettings,
    MetricsSettings,
    RulesSettings,
    ServerSettings,
    Settings,
    SpoolSettings,
)

__all__ = [
    "ConfigError",
    "Configuration",
    "ConvertSettings",
    "DatabaseSettings",
    "DeliverySettings",
    "DeviceSettings",
    "IntakeSettings",
    "LogSettings",
    "MetricsSettings",
    "Problem",
    "RulesSettings",
    "ServerSettings",
    "Settings",
    "SpoolSettings",
    "load",
    "read",
]
