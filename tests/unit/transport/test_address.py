"""A device URI has one reading, or none (SECURITY S5)."""

import pytest

from ippgate.transport.address import DeviceAddress, parse


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("ipp://printer.example/ipp/print", DeviceAddress("ipp", "printer.example", 631, "/ipp/print")),
        ("ipps://Printer.Example:8443/ipp/print", DeviceAddress("ipps", "printer.example", 8443, "/ipp/print")),
        ("ipp://10.1.2.3", DeviceAddress("ipp", "10.1.2.3", 631, "/")),
        ("IPP://host/", DeviceAddress("ipp", "host", 631, "/")),
        ("ipp://[2001:DB8::1]:80/p", DeviceAddress("ipp", "2001:db8::1", 80, "/p")),
        ("ipp://[::1]/p%20q", DeviceAddress("ipp", "::1", 631, "/p%20q")),
        ("socket://10.1.2.3", DeviceAddress("socket", "10.1.2.3", 9100)),
        ("socket://lab_printer.local:9101/", DeviceAddress("socket", "lab_printer.local", 9101)),
        ("lpd://10.1.2.3/lp", DeviceAddress("lpd", "10.1.2.3", 515, "/lp")),
        ("lpd://[::1]:1515/PASSTHRU_1", DeviceAddress("lpd", "::1", 1515, "/PASSTHRU_1")),
    ],
)
def test_a_good_uri_is_read(uri: str, address: DeviceAddress) -> None:
    assert parse(uri) == address


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "printer.example",
        "http://printer.example/",
        "https://printer.example/",
        "file:///etc/passwd",
        "lpd://printer.example",
        "lpd://printer.example/",
        "lpd://printer.example/a/b",
        "lpd://printer.example/lp/",
        "lpd://printer.example/-Plp",
        "lpd://printer.example/a%20b",
        "lpd://printer.example/a%0Ab",
        "lpd://printer.example/" + "q" * 128,
        "lpd://user@printer.example/lp",
        "lpd://printer.example/lp?reserve=yes",
        "gopher://printer.example/",
        "ipp:printer",
        "ipp:///ipp/print",
        "ipp://user@printer/",
        "ipp://user:secret@printer/",
        "ipp://good.example@evil.example/",
        "ipp://printer/?waitjob=false",
        "ipp://printer/#fragment",
        "ipp://printer/a b",
        "ipp://printer/%zz",
        "ipp://printer\\@evil/",
        "ipp://pr\u0456nter/",
        "ipp://printer/\r\nHost: evil",
        "ipp://printer/\x00",
        "ipp://printer:0/",
        "ipp://printer:65536/",
        "ipp://printer:/",
        "ipp://printer:-1/",
        "ipp://printer:+631/",
        "ipp://printer:6 31/",
        "ipp://printer:١/",
        "ipp://2130706433/",
        "ipp://0x7f000001/",
        "ipp://0x7f.1/",
        "ipp://127.1/",
        "ipp://0177.0.0.1/",
        "ipp://256.1.1.1/",
        "ipp://printer.0x7f/",
        "ipp://::1/",
        "ipp://[::1/",
        "ipp://[::1]x/",
        "ipp://[127.0.0.1]/",
        "ipp://[fe80::1%25eth0]/",
        "ipp://[v1.x]/",
        "ipp://pri%6eter/",
        "ipp://-printer/",
        "ipp://.printer/",
        "ipp://printer..example/",
        "ipp://" + "a" * 64 + "/",
        "ipp://printer/" + "a" * 1100,
        "socket://printer/queue",
        "socket://printer:9100/queue",
    ],
)
def test_anything_else_is_refused_with_a_sentence(uri: str) -> None:
    with pytest.raises(ValueError, match=r".+ .+"):
        parse(uri)


def test_the_http_url_names_the_port_and_brackets_an_ipv6_address() -> None:
    assert parse("ipps://[::1]/ipp/print").http == "https://[::1]:631/ipp/print"
    assert parse("ipp://printer/ipp/print").http == "http://printer:631/ipp/print"


def test_the_path_of_an_lpd_device_is_its_queue() -> None:
    assert parse("lpd://printer/raw.1").queue == "raw.1"


def test_only_an_ip_address_needs_no_lookup() -> None:
    assert parse("ipp://[::1]/").literal
    assert parse("ipp://127.0.0.1/").literal
    assert not parse("ipp://localhost/").literal
