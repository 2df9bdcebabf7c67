"""The environment: IPPGATE_<SECTION>_<KEY>, and the short forms that everybody needs."""

from collections.abc import Iterator, Mapping

from ippgate.config.source import Entry

PREFIX = "IPPGATE_"
CONFIG = "IPPGATE_CONFIG"
SHORT = {
    "IPPGATE_HOME": ("", "home"),
    "IPPGATE_PORT": ("server", "port"),
    "IPPGATE_TLS_PORT": ("server", "tls_port"),
}


def variable(section: str, key: str) -> str:
    """The variable that sets a key."""
    return f"{PREFIX}{section}_{key}".upper() if section else f"{PREFIX}{key}".upper()


def entries(environ: Mapping[str, str], known: Mapping[str, tuple[str, str]]) -> Iterator[Entry]:
    """Every IPPGATE_ variable that is set; one that names nothing comes with an empty section and its own name as key.

    An empty variable counts as not set, as is the custom of unit files and containers. A short form yields to the
    long one, so it comes first.
    """
    for name in sorted(environ, key=lambda name: (name not in SHORT, name)):
        if not name.startswith(PREFIX) or name == CONFIG or environ[name] == "":
            continue
        section, key = SHORT.get(name) or known.get(name) or ("", name)
        yield Entry(section, key, environ[name], name, text=True)
