"""Several documents taken as one: sums of what is known of all."""

from dataclasses import replace

from ippgate.model.facts import DocumentFacts, MediaUse, together

A4, A3 = MediaUse(21000, 29700, 3), MediaUse(29700, 42000, 2)
ONE = DocumentFacts("application/pdf", 5, 1, 2, "one-sided", (A4, A3), (4,), "Writer", "Report", unknown="")
OTHER = DocumentFacts("application/pdf", 3, 0, 2, "one-sided", (A4,), (5, 4), "Writer", "Letter", encrypted=True)


def test_one_document_is_what_it_is() -> None:
    assert together([ONE]) is ONE
    assert together([None]) is None


def test_nothing_is_known_of_no_document_or_of_one_that_nobody_looked_at() -> None:
    assert together([]) is None
    assert together([ONE, None]) is None


def test_pages_are_counted_together() -> None:
    both = together([ONE, OTHER])
    assert both == DocumentFacts(
        "application/pdf", 8, 1, 2, "one-sided", (MediaUse(21000, 29700, 6), A3), (4, 5), "Writer", "", encrypted=True
    )
    assert both is not None
    assert both.color is True


def test_what_is_unknown_of_one_is_unknown_of_all() -> None:
    odd = replace(OTHER, pages=None, color_pages=None, unknown="it is encrypted")
    both = together([ONE, odd])
    assert both is not None
    assert (both.pages, both.color, both.unknown) == (None, None, "document 2: it is encrypted")


def test_what_they_do_not_agree_about_is_not_known() -> None:
    both = together([ONE, replace(OTHER, document_format="image/jpeg", copies=1, sides="two-sided-long-edge")])
    assert both is not None
    assert (both.document_format, both.copies, both.sides) == (None, None, None)
