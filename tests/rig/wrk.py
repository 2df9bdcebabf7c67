"""wrk, the load generator: posts one prebuilt request again and again, so that the client costs little."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.rig.command import run

SPARE = 15.0
"""Seconds beyond the asked duration before it counts as hung."""

SCRIPT = """\
local file = io.open({body}, "rb")
wrk.method = "POST"
wrk.body = file:read("*all")
wrk.headers["Content-Type"] = {content_type}
file:close()
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\\nRIG {{"requests":%d,"microseconds":%d,"bytes":%d,"p50":%d,"p90":%d,"p99":%d,"longest":%d,'
      .. '"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}}\\n',
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max,
    errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk measured: seconds, and how many requests went wrong."""

    requests: int
    seconds: float
    rate: float
    p50: float
    p90: float
    p99: float
    longest: float
    failures: int


async def wrk(
    url: str,
    body: bytes,
    *,
    clients: int = 64,
    seconds: int = 5,
    threads: int = 1,
    content_type: str = "application/ipp",
) -> Load:
    """POST `body` to `url` over `clients` connections for whole `seconds`; raise CommandError when wrk fails.

    wrk sees the HTTP status only: an IPP refusal counts as an answer.
    """
    with tempfile.TemporaryDirectory(prefix="wrk-") as name:
        folder = Path(name)
        (folder / "body").write_bytes(body)
        # json.dumps writes a Lua string as well: the escapes it needs here are the same
        script = SCRIPT.format(body=json.dumps(str(folder / "body")), content_type=json.dumps(content_type))
        (folder / "post.lua").write_text(script)
        words = ("-t", str(threads), "-c", str(clients), "-d", f"{seconds}s", "--timeout", f"{seconds + SPARE:g}s")
        done = await run("wrk", *words, "-s", folder / "post.lua", url, within=seconds + SPARE)
    return _read(done.out)


def _read(out: str) -> Load:
    found = json.loads(next(line for line in out.splitlines() if line.startswith("RIG "))[4:])
    seconds = found["microseconds"] / 1e6
    return Load(
        requests=found["requests"],
        seconds=seconds,
        rate=found["requests"] / seconds,
        **{name: found[name] / 1e6 for name in ("p50", "p90", "p99", "longest")},
        failures=sum(found[kind] for kind in ("connect", "read", "write", "status", "timeout")),
    )
