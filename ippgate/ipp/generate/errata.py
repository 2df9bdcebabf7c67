"""What IANA's file of 2025-10-31 gets wrong, each with what the standard says, and what it does not hold.

Every erratum must still match a record: one that no longer does (IANA mended it) fails the generator.
"""

from typing import NamedTuple


class Erratum(NamedTuple):
    """In records where `field` reads `wrong` (and whose names end with `where`), read `right` instead."""

    field: str
    where: str
    wrong: str
    right: str


ERRATA: tuple[Erratum, ...] = (
    # A stray bracket.
    Erratum("syntax", "stitching-method", "type2 keyword]", "type2 keyword"),
    # PWG 5100.7: the offset may be of either sign; its upper bound is MAX, as for every other integer.
    Erratum("syntax", "media-top-offset", "integer(MIN:MIN)", "integer(MIN:MAX)"),
    Erratum(
        *("syntax", "media-top-offset-supported"),
        *("1setOf (integer(MIN:MAX) | rangeOfInteger(MIN:MIN))", "1setOf (integer(MIN:MAX) | rangeOfInteger(MIN:MAX))"),
    ),
    # A colon where the parenthesis opens.
    Erratum("syntax", "", "integer:0:MAX", "integer(0:MAX)"),
    # A parenthesis that never closes.
    Erratum("syntax", "", "1setOf (name(MAX)", "1setOf name(MAX)"),
    # Quoted alternatives; elsewhere they are bare.
    Erratum("syntax", "client-patches", "text(255) | 'no-value'", "text(255) | no-value"),
    Erratum("syntax", "client-version", "octetString(64) | 'no-value'", "octetString(64) | no-value"),
    # PWG 5100.6 section 4.1: ranges of pages, documents and copies count from 1.
    Erratum("syntax", "document-copies", "1setOf rangeOfInteger(MAX)", "1setOf rangeOfInteger(1:MAX)"),
    Erratum("syntax", "document-numbers", "1setOf rangeOfInteger(MAX)", "1setOf rangeOfInteger(1:MAX)"),
    Erratum("syntax", "pages", "1setOf rangeOfInteger(MAX)", "1setOf rangeOfInteger(1:MAX)"),
    # A set of sets does not exist in IPP.
    Erratum("syntax", "force-front-side-actual", "1setOf (1setOf integer(1:MAX))", "1setOf integer(1:MAX)"),
    # The enum table of the same file, and every scanner, has this as an enum.
    Erratum("syntax", "input-orientation-requested", "type2 keyword", "type2 enum"),
    # CUPS's clients send two: the banner before the job and the one behind it.
    Erratum("syntax", "job-sheets", "type2 keyword | name(MAX)", "1setOf (type2 keyword | name(MAX))"),
    # The attribute is job-delay-output-until (PWG 5100.7).
    Erratum("value", "", '<Any "job-default-output-until" value>', '<Any "job-delay-output-until" value>'),
    # A quotation mark is missing.
    Erratum("value", "", '<Any "trimming-type value>', '<Any "trimming-type" value>'),
    # Keywords have no capitals (RFC 8011 section 5.1.4).
    Erratum("value", "", "subunit-timing-Failure", "subunit-timing-failure"),
)

# Names that clients, devices and cupsd use without registering them.
EXTRA_OPERATIONS: tuple[tuple[int, str], ...] = (
    (0x4001, "CUPS-Get-Default"),
    (0x4002, "CUPS-Get-Printers"),
)

# (group, name, syntax): CUPS's own, AirPrint's urf-supported, the certificate of the Mopria Alliance, and
# my-subscriptions, which RFC 3995 section 11.2.5.1.4 defines and nobody registered.
EXTRA_ATTRIBUTES: tuple[tuple[str, str, str], ...] = (
    ("Operation", "first-printer-name", "name(127)"),
    ("Operation", "my-subscriptions", "boolean"),
    ("Operation", "printer-type-mask", "type2 enum"),
    # PWG 5100.7 has it; the registry has job-delay-output-until-interval-supported alone.
    ("Job Template", "job-delay-output-until-interval", "integer(0:MAX)"),
    ("Job Status", "job-media-progress", "integer(0:100)"),
    ("Job Status", "job-printer-state-message", "text(MAX)"),
    ("Job Status", "job-printer-state-reasons", "1setOf type2 keyword"),
    ("Printer Description", "auth-info-required", "1setOf type2 keyword"),
    ("Printer Description", "device-uri", "uri"),
    ("Printer Description", "marker-colors", "1setOf name(MAX)"),
    ("Printer Description", "marker-high-levels", "1setOf integer(0:100)"),
    ("Printer Description", "marker-levels", "1setOf integer(-3:100)"),
    ("Printer Description", "marker-low-levels", "1setOf integer(0:100)"),
    ("Printer Description", "marker-message", "text(MAX)"),
    ("Printer Description", "marker-names", "1setOf name(MAX)"),
    ("Printer Description", "marker-types", "1setOf type2 keyword"),
    ("Printer Description", "member-names", "1setOf name(127)"),
    ("Printer Description", "member-uris", "1setOf uri"),
    ("Printer Description", "mopria-certified", "text(127)"),
    ("Printer Description", "printer-commands", "1setOf type2 keyword"),
    ("Printer Description", "printer-is-shared", "boolean"),
    ("Printer Description", "printer-is-temporary", "boolean"),
    ("Printer Description", "printer-type", "type2 enum"),
    ("Printer Description", "urf-supported", "1setOf type2 keyword"),
)
