"""What a private cupsd reads: its two configuration files, and a directory of filters and backends of its own."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.rig.where import directory

FILES = "cups-files.conf"
PAGE_LOG = "log/page_log"
SOCKET = "sock"

USER = "lp"
"""Whom filters and backends run as: cupsd refuses root."""

SYSTEM_PROGRAMS = Path("/usr/lib/cups")
BACKENDS = ("ipp", "ipps", "http", "https", "socket", "lpd")

SERVER = """\
LogLevel debug
MaxLogSize 0
PageLogFormat %p %u %j %P %C %{job-impressions-completed} %{job-name}
Browsing No
WebInterface No
DefaultAuthType None
DefaultEncryption IfRequested
ErrorPolicy retry-current-job
JobRetryInterval 1
JobRetryLimit 30
MaxJobs 0
PreserveJobHistory Yes
PreserveJobFiles No
<Location />
  Order deny,allow
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
"""

RECORDER = """\
#!/bin/bash
# What the backend reads is written down on the way; exec keeps the process that cupsd signals.
record={sent}/$1
if [ $# -ge 6 ]; then
  cp -- "$6" "$record"
  exec -a "$0" {backend} "$@"
fi
exec -a "$0" {backend} "$@" < <(tee -- "$record")
"""


def configure(root: Path, port: int, programs: Path, server: Sequence[str], files: Sequence[str]) -> Path:
    """Write both files for a cupsd that lives under `root`; return cupsd.conf. Given lines replace those of a name."""
    owned = {name: directory(root / name, owner=USER) for name in ("spool", "tmp", "cache", "state", "log")}
    folder = directory(root / "etc")
    places = {
        "ServerRoot": folder,
        "ServerBin": programs,
        "DataDir": "/usr/share/cups",
        "DocumentRoot": "/usr/share/cups/doc-root",
        "RequestRoot": owned["spool"],
        "TempDir": owned["tmp"],
        "CacheDir": owned["cache"],
        "StateDir": owned["state"],
        "AccessLog": owned["log"] / "access_log",
        "ErrorLog": "stderr",
        "PageLog": root / PAGE_LOG,
        "Printcap": root / "printcap",
        "ServerKeychain": directory(root / "ssl"),
        "User": USER,
        "Group": USER,
        "SystemGroup": "root",
        "FileDevice": "Yes",
        "Sandboxing": "Relaxed",
    }
    (folder / FILES).write_text(_text([*(f"{name} {value}" for name, value in places.items()), *files]))
    # cupsd takes the last of two lines for some settings and the first for others: leave only one.
    chosen = {line.split()[0] for line in server}
    defaults = [line for line in SERVER.splitlines() if line.split()[0] not in chosen]
    listen = [f"Listen 127.0.0.1:{port}", f"Listen {root / SOCKET}"]
    (folder / "cupsd.conf").write_text(_text([*listen, *server, *defaults]))
    return folder / "cupsd.conf"


def program_folder(folder: Path, sent: Path | None) -> Path:
    """Fill ServerBin: the system's filters, and only the backends that reach loopback devices.

    With `sent` each backend writes down there what it reads.
    """
    for part in SYSTEM_PROGRAMS.iterdir():
        if part.name != "backend":
            (folder / part.name).symlink_to(part)
    backends = directory(folder / "backend")
    for name in BACKENDS:
        real = SYSTEM_PROGRAMS / "backend" / name
        if sent is None:
            (backends / name).symlink_to(real)
        else:
            (backends / name).write_text(RECORDER.format(sent=sent, backend=real))
            (backends / name).chmod(real.stat().st_mode)  # cupsd keeps root for those that only root may run
    return folder


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
