"""Sizes of media by the codes of PCL 5 (ESC & l # A), PCL XL (MediaSize) and PJL (PAPER). Hundredths of a millimetre.

HP, PCL 5 Technical Reference, chapter 5; PCL XL Feature Reference, appendix B; PJL Technical Reference, chapter 6.
Sizes are those of PWG 5101.1.
"""

from ippgate.document.tally import Size

LETTER, LEGAL, LEDGER, EXECUTIVE = (21590, 27940), (21590, 35560), (27940, 43180), (18415, 26670)
A3, A4, A5, A6 = (29700, 42000), (21000, 29700), (14800, 21000), (10500, 14800)
JIS_B4, JIS_B5, JIS_B6, ISO_B5 = (25700, 36400), (18200, 25700), (12800, 18200), (17600, 25000)
COM10, MONARCH, C5, DL = (10478, 24130), (9843, 19050), (16200, 22900), (11000, 22000)
POSTCARD, DOUBLE_POSTCARD = (10000, 14800), (20000, 14800)
STATEMENT, FOLIO, EIGHT_K, SIXTEEN_K = (13970, 21590), (21590, 33020), (27000, 39000), (19500, 27000)
SRA3, TABLOID_EXTRA = (32000, 45000), (30480, 45720)

PCL5: dict[int, Size] = {
    1: EXECUTIVE,
    2: LETTER,
    3: LEGAL,
    5: STATEMENT,
    6: LEDGER,
    10: FOLIO,
    12: JIS_B5,
    17: SIXTEEN_K,
    19: EIGHT_K,
    24: A6,
    25: A5,
    26: A4,
    27: A3,
    45: JIS_B5,
    46: JIS_B4,
    71: POSTCARD,
    72: DOUBLE_POSTCARD,
    80: MONARCH,
    81: COM10,
    90: DL,
    91: C5,
    99: ISO_B5,
    100: ISO_B5,
}
"""A code that is missing here is one of few devices: the page has no size."""

PCL_XL: dict[int, Size] = {
    0: LETTER,
    1: LEGAL,
    2: A4,
    3: EXECUTIVE,
    4: LEDGER,
    5: A3,
    6: COM10,
    7: MONARCH,
    8: C5,
    9: DL,
    10: JIS_B4,
    11: JIS_B5,
    12: ISO_B5,
    13: JIS_B5,
    14: POSTCARD,
    15: DOUBLE_POSTCARD,
    16: A5,
    17: A6,
    18: JIS_B6,
    19: EIGHT_K,
    20: SIXTEEN_K,
}

NAMED: dict[str, Size] = {
    "LETTER": LETTER,
    "LEGAL": LEGAL,
    "LEDGER": LEDGER,
    "TABLOID": LEDGER,
    "EXECUTIVE": EXECUTIVE,
    "STATEMENT": STATEMENT,
    "A3": A3,
    "A4": A4,
    "A5": A5,
    "A6": A6,
    "JISB4": JIS_B4,
    "JISB5": JIS_B5,
    "JISB6": JIS_B6,
    "B5": ISO_B5,
    "COM10": COM10,
    "MONARCH": MONARCH,
    "C5": C5,
    "DL": DL,
    "SRA3": SRA3,
    "12X18": TABLOID_EXTRA,
}
