"""ipptool, the conformance client of the CUPS project: runs a test file and reads its verdicts back."""

import plistlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.rig.command import run
from tests.rig.documents import FOLDER, PDF, POSTSCRIPT

STOCK = Path("/usr/share/cups/ipptool")
"""The test files of Debian's cups-ipp-utils, which leaves out the documents that they print."""

PATIENCE = 120.0
BEGINNING, UNCLOSED, END = "<?xml ", "</array></dict>", "</plist>"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What ipptool found in one test of a file."""

    name: str
    passed: bool
    skipped: bool
    status: str
    errors: tuple[str, ...]
    response: tuple[Mapping[str, Any], ...]
    """The answer's attribute groups, operation attributes first."""

    def __str__(self) -> str:
        word = "skip" if self.skipped else "PASS" if self.passed else "FAIL"
        return "\n      ".join([f"[{word}] {self.name} ({self.status})", *self.errors])


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What ipptool found in a whole file, in its order."""

    uri: str
    all: tuple[Verdict, ...]
    complaint: str

    @property
    def passed(self) -> list[str]:
        return [verdict.name for verdict in self.all if verdict.passed and not verdict.skipped]

    @property
    def failed(self) -> list[str]:
        return [verdict.name for verdict in self.all if not verdict.passed]

    @property
    def skipped(self) -> list[str]:
        return [verdict.name for verdict in self.all if verdict.skipped]

    @property
    def answer(self) -> dict[str, Any]:
        """All attributes of all answers by name; the first of each name wins."""
        groups = [group for verdict in self.all for group in verdict.response]
        return {name: value for group in reversed(groups) for name, value in group.items()}

    def __str__(self) -> str:
        """Give the report that a failing test shows."""
        lines = [f"ipptool on {self.uri}: {len(self.passed)} passed, {len(self.failed)} failed"]
        return "\n    ".join([*lines, *map(str, self.all), *filter(None, [self.complaint.strip()])])


async def ipptool(
    uri: str,
    test: str | Path,
    *,
    document: Path = PDF,
    variables: Mapping[str, str] | None = None,
    options: tuple[str, ...] = (),
    user: str | None = None,
    within: float = PATIENCE,
) -> Verdicts:
    """Run a test file against `uri`: the name of a stock file, an own file's path, or the text of one.

    Goes on after a failure. `document` is what the file calls $filename. Raises TimeoutError past `within`.
    """
    words = [word for name, value in (variables or {}).items() for word in ("-d", f"{name}={value}")]
    with _folder() as folder:
        path = _place(test, folder)
        # -X alone gives a whole report: -P leaves its file empty in version 2.4
        done = await run(
            "ipptool", "-X", "-I", *words, *options, "-f", document, uri, path,
            env={"CUPS_USER": user} if user else None, check=False, within=within, cwd=folder,
        )  # fmt: skip
    return _read(uri, done.out, done.err)


def stock(name: str, changes: Mapping[str, str]) -> str:
    """Return the text of a stock file with some of its words changed; each must be there."""
    text = (STOCK / name).read_text()
    for old, new in changes.items():
        assert old in text, f"{name} does not say {old!r}"
        text = text.replace(old, new)
    return text


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a directory in which test files and documents lie as the test files expect: most of them side by side."""
    with tempfile.TemporaryDirectory(prefix="ipptool-") as name:
        folder, data = Path(name) / "tests", Path(name) / "data"
        for place in (folder, data):
            place.mkdir()
        for source in (*STOCK.glob("*.test"), *FOLDER.iterdir()):
            (folder / source.name).symlink_to(source)
        (data / "testprint.ps").symlink_to(POSTSCRIPT)
        yield folder


def _place(test: str | Path, folder: Path) -> Path:
    if isinstance(test, str) and "{" in test:
        path = folder / "own.test"
        path.write_text(test)
        return path
    place = folder / Path(test).name
    if not place.exists():
        place.symlink_to(Path(test).resolve(strict=True))
    return place


def _read(uri: str, out: str, err: str) -> Verdicts:
    report, end, rest = out.partition(END)
    if not end:
        raise AssertionError(f"ipptool on {uri} gave no report: {out}{err}")
    # Version 2.4 begins anew after each INCLUDE and leaves what it had begun open: only the last one is closed.
    *begun, last = (BEGINNING + part for part in report.split(BEGINNING)[1:])
    whole = [*(part + UNCLOSED + END for part in begun), last + END]
    tests = [test for part in whole for test in plistlib.loads(part.encode())["Tests"]]
    return Verdicts(uri, tuple(map(_verdict, tests)), rest + err)


def _verdict(test: Mapping[str, Any]) -> Verdict:
    return Verdict(
        name=test["Name"],
        passed=test["Successful"],
        skipped=test.get("Skipped", False),
        status=test["StatusCode"],
        errors=tuple(test.get("Errors", ())),
        response=tuple(test["ResponseAttributes"]),
    )
