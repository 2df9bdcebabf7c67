"""What `make run` adds for somebody who has no printer at hand: a queue, and a device that prints into a folder."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from ippgate.app.gate import Gate
from ippgate.model.errors import NotFound, NotPossible
from ippgate.model.queue import QueueMode

QUEUE, DEVICE = "followme", "demo"

_FIRST_PORT = 9100
_CHUNK = 64 * 1024
_ENDINGS = {
    b"%PDF": ".pdf",
    b"%!": ".ps",
    b"RaS": ".pwg",
    b"UNIRAST": ".urf",
    b"\xff\xd8\xff": ".jpg",
    b"\x1b%-12345X": ".pjl",
}


class DemoDevice:
    """A raw 9100 listener on loopback; each connection becomes a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._printed = 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One job: written beside its place, named when it is whole."""
        self._printed += 1
        stem = f"{datetime.now().astimezone():%Y-%m-%d-%H%M%S}-{self._printed}"
        part = self._folder / f"{stem}.part"
        beginning = b""
        with part.open("wb") as file:
            while chunk := await reader.read(_CHUNK):
                beginning = beginning or chunk[:16]
                file.write(chunk)
        part.rename(self._folder / f"{stem}{_ending(beginning)}") if beginning else part.unlink()
        writer.close()


@asynccontextmanager
async def demo(gate: Gate) -> AsyncIterator[str]:
    """Run the demo device, registered with the gate, beside queue `followme`; yields what to do next."""
    folder = gate.settings.printed
    folder.mkdir(exist_ok=True, mode=0o700)
    server = await _listen(DemoDevice(folder))
    async with server:
        port = server.sockets[0].getsockname()[1]
        await _register(gate, f"socket://127.0.0.1:{port}")
        yield _next_steps(gate)


async def _listen(device: DemoDevice) -> asyncio.Server:
    """On the port of real printers where it is free."""
    try:
        return await asyncio.start_server(device.take, "127.0.0.1", _FIRST_PORT)
    except OSError:
        return await asyncio.start_server(device.take, "127.0.0.1", 0)


async def _register(gate: Gate, uri: str) -> None:
    try:
        if (await gate.fleet.device(DEVICE)).uri != uri:
            await gate.fleet.move_device(DEVICE, uri)
    except NotFound:
        info = "Demo device: prints into a folder"
        await gate.fleet.add_device(DEVICE, uri, info=info, pjl=False, force=True)
    try:
        await gate.fleet.add_queue(QUEUE, QueueMode.RELEASE_PRINTING, info="Held until you release it")
    except NotPossible:
        return  # it was made before


def _next_steps(gate: Gate) -> str:
    server = gate.settings.server
    name = server.public_name or server.host
    host = f"{name}:{server.port}"
    secure = f"With TLS: ipps://{name}:{server.tls_port}/ipp/print/{QUEUE}\n\n" if server.tls else ""
    return f"""
ippgate listens at ipp://{host}/ipp/print/{QUEUE}

  print without adding it   lp -h {host} -d {QUEUE} FILE.pdf
  or add it as a printer    lpadmin -p {QUEUE} -E -v ipp://{host}/ipp/print/{QUEUE} -m everywhere
  see what is held          .venv/bin/ippgate job list
  release it                .venv/bin/ippgate job release 1 --device {DEVICE}
  it comes out in           {gate.settings.printed}

{secure}Ctrl-C stops; what is held stays held.
"""


def _ending(beginning: bytes) -> str:
    return next((ending for magic, ending in _ENDINGS.items() if beginning.startswith(magic)), ".prn")
