"""A filter hangs, forks, floods, eats, pries or dies: it costs its bound, nothing of it is left, and it is said why."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ippgate.convert.converter import Converter
from ippgate.convert.errors import (
    LOG_LIMIT,
    ConversionError,
    ConversionFailed,
    ConversionTooCostly,
    ConversionUnavailable,
)
from ippgate.convert.formats import PDF
from ippgate.convert.settings import MIB, ConvertSettings
from ippgate.convert.sheet import Sheet
from tests.conformance.transport.parcels import in_chunks
from tests.rig.eventually import eventually
from tests.rig.filters import Filters
from tests.rig.where import directory

ROOT = Path(__file__).parents[3]
SHEET = Sheet()
WITHIN = 10.0
"""Seconds in which a misbehaving filter is over, whatever it does."""

Misbehaving = Callable[..., Converter]


@pytest.fixture
def filters(rig_dir: Path) -> Filters:
    return Filters(rig_dir / "cups")


@pytest.fixture
def temp(rig_dir: Path) -> Iterator[Path]:
    """A folder in memory of the test's own."""
    folder = directory(Path("/dev/shm") / rig_dir.name)
    yield folder
    folder.rmdir()  # nothing is left in it


@pytest.fixture
def converter(filters: Filters, temp: Path) -> Misbehaving:
    """Makes a converter whose only filter is this script."""

    def make(script: str, **bounds: float) -> Converter:
        filters.write("pdftopdf", script)
        usual = ConvertSettings(True, programs=filters.root, temp=temp, seconds=WITHIN, room=8 * MIB)
        return Converter(replace(usual, **bounds))  # type: ignore[arg-type]

    return make


async def result(converter: Converter, *chunks: bytes | Exception) -> bytes:
    read = b""
    async with converter.converted(in_chunks(*(chunks or (b"document",))), PDF, PDF, SHEET) as octets:
        async for chunk in octets:
            read += chunk
    return read


async def gone(filters: Filters) -> None:
    await eventually(lambda: not filters.left(), "all processes of the filter to be gone")


@pytest.mark.parametrize(
    ("script", "bounds", "sentence"),
    [
        ("sleep MARK", {"seconds": 0.5}, r"took longer than 0\.5 s"),
        ("cat; sleep MARK", {"seconds": 0.5}, r"took longer than 0\.5 s"),
        ("trap '' TERM INT HUP; sleep MARK; sleep MARK", {"seconds": 0.5}, r"took longer than 0\.5 s"),
        ("while :; do :; done", {"seconds": 0.5}, r"took longer than 0\.5 s"),
        ("while :; do sleep MARK & done", {}, "took more than 32 processes"),
        ("yes", {"output": 3 * MIB}, "the converted document has more than 3 MiB"),
        ("yes > $TMPDIR/flood", {}, "took more than 8 MiB of files"),
        ("while :; do n=$((n+1)); head -c 4000000 /dev/zero > $TMPDIR/$n; done", {}, "took more than 8 MiB of files"),
        (
            "for n in 1 2 3; do perl -e '$x = \"a\" x 60_000_000; sleep 60' MARK & done; wait",
            {"memory": 150 * MIB},
            "took more than 150 MiB of memory",
        ),
    ],
    ids=["hangs", "hangs at the end", "ignores", "turns", "forks", "floods", "one file", "files", "memory"],
)
async def test_a_filter_that_takes_too_much_is_ended_with_all_that_it_started(
    filters: Filters, converter: Misbehaving, script: str, bounds: dict[str, float], sentence: str
) -> None:
    async with asyncio.timeout(WITHIN):
        with pytest.raises(ConversionTooCostly, match=sentence):
            await result(converter(script, **bounds))
    await gone(filters)


async def test_one_process_gets_no_more_memory_than_all_may_have(converter: Misbehaving) -> None:
    with pytest.raises(ConversionFailed) as raised:
        await result(converter("perl -e '$x = \"a\" x 200_000_000; print 1'", memory=100 * MIB))
    assert "Out of memory" in raised.value.log


@pytest.mark.parametrize(
    "script",
    ["sleep MARK & cat", "(setsid sleep MARK || sleep MARK) & cat", "nohup sleep MARK >/dev/null 2>&1 & cat"],
    ids=["in the background", "in a session of its own", "deaf"],
)
async def test_what_a_filter_leaves_behind_does_not_outlive_it(
    filters: Filters, converter: Misbehaving, script: str
) -> None:
    assert await result(converter(f"{script}; exec >&- 2>&-")) == b"document"
    await gone(filters)


@pytest.mark.parametrize(
    "attempt",
    [
        "perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0) or die'",
        "perl -MSocket -e 'socket(S, PF_INET6, SOCK_DGRAM, 0) or die'",
        "perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0) or die'",
        "cat SECRET",
        "cat /etc/shadow",
        "ls /proc/1",
        "ls /home",
        "echo x > /tmp/ippgate-was-here",
        "echo x > /var/tmp/ippgate-was-here",
        "echo x > /dev/shm/ippgate-was-here",
        "kill -0 GATE",
        "unshare -Ur true",
    ],
)
async def test_a_filter_reaches_no_network_no_file_of_others_and_no_process(
    converter: Misbehaving, rig_dir: Path, attempt: str
) -> None:
    secret = rig_dir / "secret"
    secret.write_text("everybody may read it, but no filter")
    secret.chmod(0o644)
    tried = attempt.replace("SECRET", str(secret)).replace("GATE", str(os.getpid()))
    assert await result(converter(f"if {tried} >/dev/null; then echo could; else echo could not; fi")) == b"could not\n"


async def test_a_filter_knows_nothing_of_the_gates_environment(
    converter: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPPGATE_DATABASE_DSN", "postgresql://secret")
    told = dict(line.split("=", 1) for line in (await result(converter("env"))).decode().splitlines())
    assert set(told) - {"PWD", "SHLVL", "OLDPWD", "_"} == {
        *("CHARSET", "CONTENT_TYPE", "CUPS_DATADIR", "CUPS_SERVERBIN", "CUPS_SERVERROOT", "FINAL_CONTENT_TYPE", "HOME"),
        *("LANG", "PATH", "PPD", "PRINTER", "TMPDIR", "USER"),
    }


async def test_a_filter_has_the_pipes_and_no_other_descriptor(converter: Misbehaving) -> None:
    assert (
        await result(converter('for n in 3 4 5 6 7 8 9; do eval "true <&$n" 2>/dev/null && echo $n; done; true')) == b""
    )


async def test_a_filter_that_fails_is_said_in_a_sentence_and_its_words_are_kept_apart(converter: Misbehaving) -> None:
    script = "echo 'ERROR: \x1b[31mconfidential' >&2; echo half; exit 3"
    with pytest.raises(ConversionFailed, match="the document could not be") as raised:
        await result(converter(script))
    assert "confidential" not in str(raised.value)
    assert "confidential" in raised.value.log
    assert "pdftopdf ended with status 3" in raised.value.log


async def test_what_a_filter_says_is_kept_within_a_bound(converter: Misbehaving) -> None:
    with pytest.raises(ConversionFailed) as raised:
        await result(converter("yes 'ERROR: no' | head -c 5000000 >&2; exit 1"))
    assert len(raised.value.log) <= LOG_LIMIT
    assert "pdftopdf ended with status 1" in raised.value.log


async def test_a_filter_that_crashes_is_a_failure_even_after_output(converter: Misbehaving) -> None:
    with pytest.raises(ConversionFailed):
        await result(converter("cat; kill -SEGV $$"))


async def test_a_filter_may_read_less_than_it_is_given(converter: Misbehaving) -> None:
    assert await result(converter("head -c 3"), b"x" * 1000, b"y" * 3_000_000) == b"xxx"


async def test_a_document_that_breaks_off_is_its_own_error_not_a_result(
    filters: Filters, converter: Misbehaving
) -> None:
    with pytest.raises(LookupError, match="frame 7 is damaged"):
        await result(converter("cat"), b"the first half", LookupError("frame 7 is damaged"))
    with pytest.raises(ConnectionResetError, match="the client"):
        await result(converter("cat"), b"the first half", ConnectionResetError("the client"))
    with pytest.raises(LookupError, match="frame 7 is damaged"):
        await result(converter("sleep MARK"), b"the first half", LookupError("frame 7 is damaged"))
    await gone(filters)


async def test_whoever_stops_reading_ends_the_filters(filters: Filters, converter: Misbehaving) -> None:
    async with asyncio.timeout(WITHIN):
        async with converter("yes & sleep MARK").converted(in_chunks(b"x"), PDF, PDF, SHEET) as octets:
            async for chunk in octets:
                assert chunk.startswith(b"y")
                break
    await gone(filters)


async def test_an_error_of_whoever_reads_comes_through(filters: Filters, converter: Misbehaving) -> None:
    with pytest.raises(ConnectionError, match="no database"):
        async with converter("sleep MARK").converted(in_chunks(b"x"), PDF, PDF, SHEET):
            raise ConnectionError("no database")
    await gone(filters)


async def test_a_conversion_that_is_cancelled_ends_at_once(filters: Filters, converter: Misbehaving) -> None:
    converting = asyncio.create_task(result(converter("sleep MARK")))
    await eventually(filters.left, "the filter to run")
    converting.cancel()
    await asyncio.wait([converting], timeout=WITHIN)
    assert converting.cancelled()
    await gone(filters)


async def test_a_document_that_never_ends_is_waited_for_within_the_bound(converter: Misbehaving) -> None:
    async def never() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.Event().wait()

    with pytest.raises(ConversionTooCostly, match=r"longer than 0\.5 s"):
        async with converter("cat", seconds=0.5).converted(never(), PDF, PDF, SHEET) as octets:
            assert [chunk async for chunk in octets] == [b"x"]


async def test_no_more_than_so_many_run_at_once(filters: Filters, converter: Misbehaving) -> None:
    busy = converter("sleep MARK", seconds=60, at_once=2)
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(result(busy)) for _ in range(3)]
        await eventually(lambda: len(filters.left()) >= 2, "two filters to run")
        assert len(filters.left()) == 2
        filters.write("pdftopdf", "cat")
        running[0].cancel()
        assert await running[2] == b"document"
        running[1].cancel()
    await gone(filters)


def wardens() -> list[int]:
    """The wardens that this process started."""
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


async def test_filters_end_with_their_warden(filters: Filters, converter: Misbehaving) -> None:
    before = set(wardens())
    converting = asyncio.create_task(result(converter("exec sleep MARK")))
    await eventually(filters.left, "the filter to run")
    [warden] = set(wardens()) - before
    os.kill(warden, signal.SIGKILL)
    with pytest.raises(ConversionError):
        await converting
    await gone(filters)


CONVERTS_FOR_EVER = """
import asyncio, sys
from pathlib import Path
from ippgate.convert.converter import Converter
from ippgate.convert.settings import ConvertSettings
from ippgate.convert.sheet import Sheet
from tests.conformance.transport.parcels import in_chunks

async def main():
    converter = Converter(ConvertSettings(True, programs=Path(sys.argv[1]), temp=Path(sys.argv[2])))
    async with converter.converted(in_chunks(b"x"), "application/pdf", "application/pdf", Sheet()) as octets:
        async for chunk in octets:
            pass

asyncio.run(main())
"""


async def test_filters_end_with_the_gate_and_leave_nothing(filters: Filters, temp: Path) -> None:
    filters.write("pdftopdf", "cat > $TMPDIR/plain; sleep MARK & sleep MARK")
    words = (sys.executable, "-c", CONVERTS_FOR_EVER, filters.root, temp)
    gate = await asyncio.create_subprocess_exec(*words, cwd=ROOT)
    await eventually(filters.left, "the filter to run")
    gate.kill()
    await gate.wait()
    await gone(filters)
    await eventually(lambda: not list(temp.iterdir()), "the warden to tidy up")


# ── where it cannot be done ──


async def test_nothing_is_converted_where_it_is_switched_off(converter: Misbehaving) -> None:
    off = converter("cat", enabled=False)
    assert off.possible(PDF, ["image/pwg-raster"]) is None
    with pytest.raises(ConversionUnavailable, match=r"not converted here \(convert\.enabled\)"):
        await result(off)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"command": Path("/nowhere/cupsfilter")}, "/nowhere/cupsfilter is missing: install"),
        ({"programs": Path("/nowhere")}, "/nowhere/filter has no filters: install"),
        ({"temp": Path("/nowhere")}, "/nowhere cannot be written"),
        ({"temp": Path("/etc")}, "/etc is not in memory"),
    ],
)
async def test_what_is_missing_is_named(converter: Misbehaving, missing: dict[str, Path], sentence: str) -> None:
    with pytest.raises(ConversionUnavailable, match=sentence):
        await result(Converter(replace(converter("cat").settings, **missing)))  # type: ignore[arg-type]


async def test_a_filter_that_cannot_be_run_is_no_result(filters: Filters, converter: Misbehaving) -> None:
    broken = converter("cat")
    (filters.root / "filter" / "pdftopdf").write_text("#!/nowhere/interpreter\n")
    with pytest.raises(ConversionUnavailable, match="cannot be started in their confinement"):
        await result(broken)
