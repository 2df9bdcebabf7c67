"""The doctor looks at the certificate that clients are shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ippgate.cli.doctor import tls
from ippgate.config import ServerSettings, Settings
from ippgate.doors.tls import TlsSettings
from ippgate.doors.tls.own import ensure
from ippgate.model.finding import Finding
from tests.rig.certificate import certificate


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path)


def own(settings: Settings, path: Path, key: Path | None = None) -> Settings:
    chosen = ServerSettings(tls_certificate=str(path), tls_key=str(key) if key else "")
    return replace(settings, server=chosen)


def told(settings: Settings) -> list[tuple[str, str]]:
    found: list[Finding] = list(tls.certificate(settings))
    assert all(finding.remedy for finding in found if finding.verdict != "ok")
    return [(str(finding.verdict), finding.found) for finding in found]


def test_a_gate_that_never_served_has_none_yet(settings: Settings) -> None:
    [(verdict, found)] = told(settings)
    assert (verdict, found) == ("warn", f"{settings.tls / 'gate.pem'} does not exist yet")


def test_the_gate_s_own_is_well_and_has_a_fingerprint_to_compare(settings: Settings) -> None:
    ensure(TlsSettings(settings.tls), datetime.now(UTC))
    [(verdict, found)] = told(settings)
    assert verdict == "ok"
    assert len(found.partition("SHA-256 ")[2]) == 64


def test_a_key_that_others_can_read_fails(settings: Settings) -> None:
    ensure(TlsSettings(settings.tls), datetime.now(UTC)).chmod(0o644)
    [_, finding] = tls.certificate(settings)
    assert finding.remedy == f"chmod 600 {settings.tls / 'gate.pem'}"


def test_one_that_ended_fails_and_one_that_ends_soon_is_warned_of(settings: Settings, tmp_path: Path) -> None:
    for ended, verdict in ((True, "fail"), (False, "warn")):
        pair = certificate(tmp_path, ended=ended)
        pair.key.chmod(0o600)
        assert [line[0] for line in told(own(settings, pair.certificate, pair.key))] == [verdict]
    ensure(TlsSettings(settings.tls), datetime.now(UTC) - timedelta(days=390))
    assert [line[0] for line in told(settings)] == ["warn"]


@pytest.mark.parametrize("octets", [b"", b"nothing"])
def test_files_that_cannot_be_read_fail(settings: Settings, tmp_path: Path, octets: bytes) -> None:
    missing = tmp_path / "missing.crt"
    [(verdict, found)] = told(own(settings, missing))
    assert (verdict, found) == ("fail", f"{missing}: no such file or directory")
    missing.write_bytes(octets)
    [(verdict, found)] = told(own(settings, missing))
    assert (verdict, found) == ("fail", f"{missing}: it holds no PEM certificate")


def test_a_gate_without_tls_is_warned_of(settings: Settings) -> None:
    [(verdict, found)] = told(replace(settings, server=ServerSettings(tls=False)))
    assert verdict == "warn"
    assert "can be read on the way" in found
