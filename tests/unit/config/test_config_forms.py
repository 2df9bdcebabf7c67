"""Texts of the configuration that have to look like something, and what is said of those that do not."""

import pytest

from ippgate.config import form


@pytest.mark.parametrize("text", ["", "mailto:print@example.org", "tel:+41-44-000-00-00", "https://help.example/print"])
def test_a_contact_is_a_uri_or_nobody(text: str) -> None:
    assert form.contact(text) is None


@pytest.mark.parametrize("text", ["print@example.org", "mailto:", "room 12", "mailto:a b", "tel:é", "x:" + "a" * 1022])
def test_what_is_no_uri_is_no_contact(text: str) -> None:
    assert form.contact(text) == "write a URI, such as mailto:print@example.org or tel:+41-44-000-00-00"
