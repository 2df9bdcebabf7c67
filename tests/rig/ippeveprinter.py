"""The real ippeveprinter: an IPP Everywhere printer that keeps what it prints, and takes one job at a time.

What it does with a document is a small script: print at once, print pages, fail, or wait until the test says go.
"""

import ssl
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.rig.avahi import Avahi
from tests.rig.eventually import PATIENCE, eventually
from tests.rig.process import Process
from tests.rig.where import answers, directory, free_port

FORMATS = (
    "application/pdf",
    "application/postscript",
    "image/jpeg",
    "image/pwg-raster",
    "image/urf",
    "text/plain",
    "application/octet-stream",
)

HOST = "localhost"
"""Not 127.0.0.1: it insists on listening on IPv4 and IPv6, and this name gives both loopback addresses."""

PRELUDE = """\
#!/bin/sh
echo "$1" >> {printed}
"""
"""It runs once the whole document is there, so this list names only documents that are complete."""

BEHAVIOURS = {
    "prints": """\
echo "ATTR: job-impressions={impressions}" >&2
echo "ATTR: job-impressions-completed={impressions}" >&2
""",
    "fails": """\
echo "ERROR: out of toner, says the rig" >&2
exit 1
""",
    "waits": """\
touch {started}
while [ ! -e {go} ]; do sleep 0.02; done
echo "ATTR: job-impressions-completed={impressions}" >&2
""",
}


class IppEvePrinter:
    """One printer. `behaviour` is 'prints', 'fails' or 'waits' (until `go()`), or lines of shell.
    No formats: its options say.
    """

    def __init__(
        self,
        root: Path,
        avahi: Avahi,
        *,
        name: str | None = None,
        formats: Sequence[str] = FORMATS,
        behaviour: str = "prints",
        impressions: int = 1,
        options: Sequence[str] = (),
    ) -> None:
        self.port = free_port()
        self.name = name or f"Rig {self.port}"  # announced, so no two printers on loopback may share it
        self.spool = directory(root / "spool")
        self._keys = directory(root / "keys", mode=0o700)
        self._printed, self._started, self._go = root / "printed", root / "started", root / "go"
        log = root / "ippeveprinter.log"
        self._process = Process(
            f"ippeveprinter {self.name}",
            [
                *("ippeveprinter", "-vv", "-k", "-n", HOST, "-p", str(self.port), "-d", self.spool, "-K", self._keys),
                *(("-f", ",".join(formats)) if formats else ()),
                *("-c", self._command(root / "command", behaviour, impressions)),
                *options,
                self.name,
            ],
            log=log,
            ready=lambda: answers(self.port),
            env=avahi.env,
        )

    def _command(self, path: Path, behaviour: str, impressions: int) -> Path:
        text = PRELUDE + BEHAVIOURS.get(behaviour, behaviour)
        values = {"impressions": impressions, "printed": self._printed, "started": self._started, "go": self._go}
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        path.write_text(text)
        path.chmod(0o755)
        return path

    @property
    def uri(self) -> str:
        return f"ipp://{HOST}:{self.port}/ipp/print"

    @property
    def tls_uri(self) -> str:
        """The same printer through TLS; it makes its own certificate."""
        return f"ipps://{HOST}:{self.port}/ipp/print"

    def certificate(self) -> str:
        """Return the certificate it shows, as PEM."""
        return ssl.get_server_certificate((HOST, self.port))

    @property
    def alive(self) -> bool:
        return self._process.alive

    def start(self) -> Self:
        self._process.start()
        return self

    def stop(self) -> None:
        """End it; what it kept stays."""
        self._process.stop()

    def kill(self) -> None:
        self._process.kill()

    def log(self) -> str:
        """Return all it said: each operation with the status it answered."""
        return self._process.log.read_text(errors="replace")

    async def printing(self, *, within: float = PATIENCE) -> None:
        """Wait until a job of behaviour 'waits' has started to print."""
        await eventually(self._started.exists, "the printer to start printing", within=within)

    def go(self) -> None:
        """Let jobs of behaviour 'waits' finish."""
        self._go.touch()

    def hold(self) -> None:
        """Let later jobs of behaviour 'waits' wait again."""
        self._go.unlink(missing_ok=True)
        self._started.unlink(missing_ok=True)

    def kept(self) -> list[Path]:
        """Return the documents that it received whole, in the order it printed them; each named JOBID-NAME.EXT."""
        return [Path(line) for line in self._printed.read_text().splitlines()] if self._printed.exists() else []

    async def kept_document(self, number: int = 1, *, within: float = PATIENCE) -> Path:
        """Wait for the `number`th document (from 1) and return its file."""
        return (await eventually(lambda: self.kept()[number - 1 : number], f"document {number}", within=within))[0]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
