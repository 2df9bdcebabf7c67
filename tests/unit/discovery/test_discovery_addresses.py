"""Queues are announced where the server listens and where the operator wants it: nowhere else."""

from ipaddress import ip_address

import pytest

from ippgate.discovery.address import Adapter, adapters, chosen, is_loopback, listened

FOUND = [
    Adapter("lo", (ip_address("127.0.0.1"), ip_address("::1"))),
    Adapter("eth0", (ip_address("10.20.0.5"), ip_address("fe80::1"), ip_address("2001:db8::5"))),
    Adapter("eth1", (ip_address("192.168.7.5"),)),
]


@pytest.mark.parametrize(
    ("heard", "wanted", "addresses"),
    [
        ("0.0.0.0", (), ("10.20.0.5", "192.168.7.5")),
        ("::", (), ("2001:db8::5",)),
        ("127.0.0.1", (), ()),
        ("::1", (), ()),
        ("10.20.0.5", (), ("10.20.0.5",)),
        ("10.99.0.1", (), ()),
        ("0.0.0.0", ("eth1",), ("192.168.7.5",)),
        ("0.0.0.0", ("10.20.0.5",), ("10.20.0.5",)),
        ("0.0.0.0", ("lo", "eth0"), ("127.0.0.1", "10.20.0.5")),
        ("0.0.0.0", ("eth9",), ()),
        ("::", ("eth0",), ("2001:db8::5",)),
        ("127.0.0.1", ("lo",), ("127.0.0.1",)),
        ("127.0.0.1", ("eth0",), ()),
        ("10.20.0.5", ("eth1",), ()),
    ],
)
def test_addresses(heard: str, wanted: tuple[str, ...], addresses: tuple[str, ...]) -> None:
    assert sorted(chosen(FOUND, [ip_address(heard)], wanted)) == sorted(addresses)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("LOCALHOST", True),
        ("0.0.0.0", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("print.example.org", False),
    ],
)
def test_loopback_is_known_without_asking(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_the_machines_own_are_found() -> None:
    assert ip_address("127.0.0.1") in [address for adapter in adapters() for address in adapter.addresses]
    assert "lo" in [adapter.name for adapter in adapters()]


def test_a_host_is_what_a_server_would_listen_on() -> None:
    assert listened("0.0.0.0") == [ip_address("0.0.0.0")]
    assert listened("127.0.0.1") == [ip_address("127.0.0.1")]
    assert ip_address("127.0.0.1") in listened("localhost")
