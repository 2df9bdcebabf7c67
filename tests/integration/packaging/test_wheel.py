"""A built wheel, installed away from the checkout, migrates, serves and prints; an editable install finds its data."""

import json
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import ippgate
from tests.rig.command import Finished, run
from tests.rig.documents import PDF
from tests.rig.eventually import eventually
from tests.rig.ipptool import ipptool
from tests.rig.process import Process
from tests.rig.where import answers, directory, free_ports

CHECKOUT = Path(ippgate.__file__).resolve().parent.parent
BUILD_PATIENCE = 300.0
"""Seconds for a build, or an installation from a registry that is far away."""


def find_uv() -> str:
    """The uv that made this environment."""
    candidates = [os.environ.get("UV"), shutil.which("uv"), CHECKOUT / ".uv/bin/uv", Path(sys.executable).parent / "uv"]
    for candidate in candidates:
        if candidate and Path(candidate).exists():
            return str(candidate)
    raise FileNotFoundError("uv is needed to build the wheel: run the tests by `make test`, or name it in UV")


@dataclass(frozen=True)
class Installed:
    """An environment of its own in which ippgate is installed."""

    venv: Path

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def ippgate(self) -> Path:
        return self.venv / "bin" / "ippgate"


async def uv(*words: str | Path) -> Finished:
    return await run(find_uv(), *words, within=BUILD_PATIENCE, env={"VIRTUAL_ENV": ""})


@pytest.fixture
async def wheel(rig_dir: Path) -> Path:
    """The wheel of this checkout."""
    out = rig_dir / "dist"
    await uv("build", "--quiet", "--wheel", "--out-dir", out, CHECKOUT)
    [built] = out.glob("ippgate-*.whl")
    return built


async def environment(where: Path) -> Installed:
    """An empty environment of the Python that runs the tests."""
    await uv("venv", "--quiet", "--python", sys.executable, where)
    return Installed(where)


@pytest.fixture
async def installed(rig_dir: Path, wheel: Path) -> Installed:
    """The wheel with its locked dependencies in a clean environment."""
    found = await environment(rig_dir / "venv")
    locked = rig_dir / "locked.txt"
    export = ("export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "--project", CHECKOUT)
    await uv(*export, "--output-file", locked)
    await uv("pip", "install", "--quiet", "--python", found.python, "--requirement", locked)
    await uv("pip", "install", "--quiet", "--python", found.python, "--no-deps", wheel)
    return found


@pytest.fixture
def away(rig_dir: Path) -> Iterator[Path]:
    """A working directory that has nothing to do with the checkout."""
    before = Path.cwd()
    os.chdir(directory(rig_dir / "away"))
    yield Path.cwd()
    os.chdir(before)


async def test_the_wheel_carries_what_it_needs_and_no_secret(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        secrets = [name for name in names if re.search(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----", archive.read(name))]
    assert secrets == []
    for folder in ("sql", "conf"):
        here = {
            f"ippgate/_data/{folder}/{file.relative_to(CHECKOUT / folder)}"
            for file in (CHECKOUT / folder).rglob("*")
            if file.is_file()
        }
        assert here <= set(names)
    strangers = [n for n in names if not n.startswith(("ippgate/", "ippgate-")) or n.endswith((".key", ".pem", ".pyc"))]
    assert strangers == []


async def test_an_installed_wheel_migrates_serves_holds_and_prints(
    installed: Installed, rig_dir: Path, away: Path
) -> None:
    port, tls_port = free_ports(2)
    home = rig_dir / "h"
    ports = {"IPPGATE_PORT": str(port), "IPPGATE_TLS_PORT": str(tls_port)}
    env = {"IPPGATE_HOME": str(home), **ports, "PYTHONPATH": ""}
    where = await run(installed.python, "-c", "import ippgate.data as d; print(d.__file__, d.sql_folder())", env=env)
    assert all(part.startswith(str(installed.venv)) for part in where.out.split())

    assert json.loads((await run(installed.ippgate, "db", "migrate", "--json", env=env)).out)
    server = Process(
        "installed ippgate",
        [installed.ippgate, "serve", "--demo"],
        log=rig_dir / "serve.log",
        ready=lambda: answers(port),
        env=env,
        cwd=away,
    )
    with server:
        verdicts = await ipptool(f"ipp://127.0.0.1:{port}/ipp/print/followme", "print-job.test", user="jake")
        assert not verdicts.failed, str(verdicts)
        [job] = json.loads((await run(installed.ippgate, "job", "list", "--json", env=env)).out)
        assert (job["state"], job["octets"]) == ("pending-held", PDF.stat().st_size)
        await run(installed.ippgate, "job", "release", str(job["id"]), "--device", "demo", env=env)
        [paper] = await eventually(lambda: list((home / "printed").glob("*.pdf")), "the printed file", within=30)
        assert paper.read_bytes() == PDF.read_bytes()


async def test_an_editable_install_finds_its_data_in_the_checkout(rig_dir: Path, away: Path) -> None:
    editable = await environment(rig_dir / "editable")
    await uv("pip", "install", "--quiet", "--python", editable.python, "--no-deps", "--editable", CHECKOUT)
    script = "import ippgate.data as d; print(d.sql_folder()); print(d.conf_folder())"
    found = await run(editable.python, "-c", script, env={"PYTHONPATH": ""})
    assert found.out.split() == [str(CHECKOUT / "sql"), str(CHECKOUT / "conf")]
