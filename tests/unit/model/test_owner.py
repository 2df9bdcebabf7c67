"""Whose a job is, as a table: how clients write a person, and who that is (SECURITY S18)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgate.model.errors import Forbidden
from ippgate.model.job import Caller
from ippgate.model.owner import MAX_NAME, Alias, Goes, OwnerRules, Owners, is_within, listed, parts

STRIP = OwnerRules()
KEEP = OwnerRules(strip=False)
OWN = OwnerRules(domains=listed("CORP, corp.example"))
STRANGERS = OwnerRules(domains=listed("CORP, corp.example"), strangers=True, goes=Goes.CLAIM)
EXACT = OwnerRules(fold=False)


def owner(said: str, rules: OwnerRules = STRIP, *aliases: Alias, host: str = "192.0.2.7", queue: str = "") -> str:
    return Owners(rules, aliases).known(Caller(said or "anonymous", host, said=said), queue).name


# said, then whose it is: domains stripped, kept, only one's own stripped, case kept
TABLE: dict[str, tuple[str, str, str, str]] = {
    "jake": ("jake", "jake", "jake", "jake"),
    "JAKE": ("jake", "jake", "jake", "JAKE"),
    "CORP\\jake": ("jake", "corp\\jake", "jake", "jake"),
    "corp\\Jake": ("jake", "corp\\jake", "jake", "Jake"),
    "jake@corp": ("jake", "jake@corp", "jake", "jake"),
    "Jake@CORP.example": ("jake", "jake@corp.example", "jake", "Jake"),
    "CORP\\jake@corp.example": ("jake", "corp\\jake@corp.example", "jake", "jake"),
    "LAPTOP-7\\jake": ("jake", "laptop-7\\jake", "laptop-7\\jake", "jake"),
    "jake@evil.example": ("jake", "jake@evil.example", "jake@evil.example", "jake"),
    "CORP\\jake@evil.example": ("jake", "corp\\jake@evil.example", "corp\\jake@evil.example", "jake"),
    "jake.": ("jake", "jake", "jake", "jake"),
    " jake  ": ("jake", "jake", "jake", "jake"),
    "jake . .": ("jake", "jake", "jake", "jake"),
    "jake.@corp": ("jake", "jake.@corp", "jake", "jake"),
    "jake  smith": ("jake smith", "jake smith", "jake smith", "jake smith"),
    ".jake": (".jake", ".jake", ".jake", ".jake"),
    "ｊａｋｅ": ("jake", "jake", "jake", "jake"),
    "ja\u200bke": ("jake", "jake", "jake", "jake"),
    "\u202eekaj": ("ekaj", "ekaj", "ekaj", "ekaj"),
    "jake\u2066\u2069": ("jake", "jake", "jake", "jake"),
    "jake\u3164": ("jake", "jake", "jake", "jake"),  # a letter by category, and nothing to see
    "jake\ufe0f": ("jake", "jake", "jake", "jake"),
    "ja\0ke\x1b[2J": ("jake[2j", "jake[2j", "jake[2j", "jake[2J"),
    "jos\u00e9": ("jos\u00e9", "jos\u00e9", "jos\u00e9", "jos\u00e9"),
    "jose\u0301": ("jos\u00e9", "jos\u00e9", "jos\u00e9", "jos\u00e9"),
    "JOSE\u0301": ("jos\u00e9", "jos\u00e9", "jos\u00e9", "JOS\u00c9"),
    "j\u0430ke": ("j\u0430ke", "j\u0430ke", "j\u0430ke", "j\u0430ke"),  # a Cyrillic a: somebody else
    "jak\u03b5": ("jak\u03b5", "jak\u03b5", "jak\u03b5", "jak\u03b5"),
    "\u212aate": ("kate", "kate", "kate", "Kate"),  # the sign for kelvin is a K
    "stra\u00dfe": ("stra\u00dfe", "stra\u00dfe", "stra\u00dfe", "stra\u00dfe"),  # not strasse
    "": ("anonymous", "anonymous", "anonymous", "anonymous"),
    "CORP\\": ("anonymous", "anonymous", "anonymous", "anonymous"),
    "...": ("anonymous", "anonymous", "anonymous", "anonymous"),
    "\\jake": ("jake", "\\jake", "\\jake", "jake"),
    "@corp": ("@corp", "@corp", "@corp", "@corp"),
    "jake@": ("jake@", "jake@", "jake@", "jake@"),
    "x" * 255: ("x" * 255,) * 4,
    "\u0958" * 80: ("anonymous",) * 4,  # 240 octets as it came, 480 in NFC: cut, it might be somebody else's
}


@pytest.mark.parametrize("said", TABLE)
def test_each_way_to_write_a_name_is_the_owner_that_the_rule_says(said: str) -> None:
    assert tuple(owner(said, rules) for rules in (STRIP, KEEP, OWN, EXACT)) == TABLE[said]


@given(st.text(max_size=60), st.sampled_from([STRIP, KEEP, OWN, EXACT]))
def test_a_mapped_name_is_mapped_to_itself_and_fits(said: str, rules: OwnerRules) -> None:
    once = owner(said, rules)
    assert owner(once, rules) == once
    assert 0 < len(once.encode()) <= MAX_NAME
    assert once.isprintable()


@given(st.text(max_size=30))
def test_the_normal_form_makes_no_difference(said: str) -> None:
    assert owner(unicodedata.normalize("NFD", said)) == owner(unicodedata.normalize("NFC", said))


def test_the_proven_name_wins_and_is_mapped_the_same_way() -> None:
    known = Owners().known(Caller("CORP\\Jake", said="mallory", proven=True))
    assert (known.name, known.said) == ("jake", "mallory")
    assert known.owns("jake")


def test_a_proven_name_is_somebody_s_whatever_it_is() -> None:
    owners = Owners(OwnerRules(goes=Goes.CLAIM))
    assert not owners.known(Caller("mobile", "192.0.2.7", proven=True)).unclaimed


def test_an_operator_s_name_is_left_alone() -> None:
    olga = Caller("olga.", operator=True, said="CORP\\x", proven=True)
    assert Owners(OwnerRules(goes=Goes.REFUSE)).known(olga) is olga


def test_a_station_that_speaks_for_nobody_keeps_its_name_and_one_that_does_names_them_as_clients_do() -> None:
    owners = Owners(OwnerRules(goes=Goes.CLAIM))
    kiosk = Caller("kiosk", station="kiosk")
    assert owners.known(kiosk) is kiosk
    assert owners.known(Caller("CORP\\Jake", said="CORP\\Jake", proven=True, station="kiosk")).name == "jake"


def test_who_cancels_by_another_way_to_write_the_name_owns_the_job() -> None:
    printed = owner("jake")
    assert Owners().known(Caller("CORP\\Jake", said="CORP\\Jake")).owns(printed)
    assert not Owners(KEEP).known(Caller("CORP\\Jake", said="CORP\\Jake")).owns(printed)
    assert not Owners(OWN).known(Caller("x", said="jake@evil.example")).owns(printed)


@pytest.mark.parametrize("said", ["mobile", "Mobile", "chronos", "", "anonymous", "IPHONE\\mobile", "mobile@192.0.2.9"])
def test_a_name_that_names_nobody_goes_where_the_operator_says(said: str) -> None:
    caller = Caller("x", "192.0.2.7", said=said)
    accepted = Owners().known(caller)
    assert not accepted.unclaimed
    Owners().check_may_print(caller, "followme")
    waits = Owners(OwnerRules(goes=Goes.CLAIM)).known(caller)
    assert waits.unclaimed
    assert waits.name == f"{accepted.name}@192.0.2.7"
    with pytest.raises(Forbidden, match="set up your own name"):
        Owners(OwnerRules(goes=Goes.REFUSE)).check_may_print(caller, "followme")


def test_who_has_a_name_is_neither_refused_nor_to_be_claimed() -> None:
    jake = Caller("jake", said="jake")
    Owners(OwnerRules(goes=Goes.REFUSE)).check_may_print(jake, "followme")
    assert not Owners(OwnerRules(goes=Goes.CLAIM)).known(jake).unclaimed


def test_a_stranger_to_the_domains_names_nobody_if_the_operator_says_so() -> None:
    owners = Owners(STRANGERS)
    assert owners.known(Caller("x", "192.0.2.7", said="LAPTOP-7\\Jake")).name == "laptop-7\\jake@192.0.2.7"
    assert owners.known(Caller("x", "192.0.2.7", said="LAPTOP-7\\Jake")).unclaimed
    assert not owners.known(Caller("x", "192.0.2.7", said="CORP\\Jake")).unclaimed
    assert not owners.known(Caller("x", "192.0.2.7", said="Jake")).unclaimed


def test_nobody_becomes_the_owner_of_what_waits_to_be_claimed_by_its_name() -> None:
    for rules in (STRANGERS, OwnerRules(goes=Goes.CLAIM), OwnerRules(strip=False, goes=Goes.CLAIM)):
        owners = Owners(rules)
        theirs = owners.known(Caller("x", "192.0.2.7", said="mobile"))
        assert owners.known(Caller("x", "192.0.2.7", said="mobile")).owns(theirs.name)
        for said in ("mobile", theirs.name, f"{theirs.name}.", theirs.name.upper()):
            assert not owners.known(Caller("x", "198.51.100.1", said=said)).owns(theirs.name)


def test_aliases_say_who_else_somebody_is() -> None:
    aliases = (Alias("J.Smith@old.example", "jake"), Alias("jsmith", "Jake"))
    assert owner("j.smith@old.example", STRIP, *aliases) == "jake"
    assert owner("j.smith", STRIP, *aliases) == "j.smith"  # only with that domain
    assert owner("CORP\\JSmith", STRIP, *aliases) == "jake"
    assert owner("jake", STRIP, *aliases) == "jake"


def test_an_alias_of_an_alias_is_not_followed() -> None:
    assert owner("a", STRIP, Alias("a", "b"), Alias("b", "c")) == "b"


def test_the_alias_that_says_more_counts() -> None:
    aliases = (
        Alias("*", "anybody"),
        Alias("mobile", "phones"),
        Alias("mobile", "building", network="10.0.0.0/8"),
        Alias("mobile", "floor", network="10.7.0.0/16"),
        Alias("mobile", "reception", queue="front"),
        Alias("mobile", "desk", network="10.7.0.0/16", queue="front"),
    )
    assert owner("mobile", STRIP, *aliases) == "phones"
    assert owner("mobile", STRIP, *aliases, host="10.9.9.9") == "building"
    assert owner("mobile", STRIP, *aliases, host="10.7.1.1") == "floor"
    assert owner("mobile", STRIP, *aliases, host="::ffff:10.7.1.1") == "floor"
    assert owner("mobile", STRIP, *aliases, host="10.9.9.9", queue="front") == "reception"
    assert owner("mobile", STRIP, *aliases, host="10.7.1.1", queue="front") == "desk"
    assert owner("chronos", STRIP, *aliases) == "anybody"
    assert owner("jake", STRIP, *aliases) == "jake"


def test_a_mapped_nobody_is_somebody() -> None:
    rules = OwnerRules(goes=Goes.REFUSE)
    owners = Owners(rules, [Alias("*", "reception", network="10.7.0.0/16")])
    owners.check_may_print(Caller("x", "10.7.1.1", said="mobile"), "followme")
    with pytest.raises(Forbidden):
        owners.check_may_print(Caller("x", "10.8.1.1", said="mobile"), "followme")
    claimed = Owners(OwnerRules(goes=Goes.CLAIM), [Alias("mobile", "anna")]).known(Caller("x", said="mobile"))
    assert (claimed.name, claimed.unclaimed) == ("anna", False)


def test_the_refusal_is_the_operator_s_own_sentence() -> None:
    owners = Owners(OwnerRules(goes=Goes.REFUSE, sentence="{name}: ask the help desk in room 12"))
    with pytest.raises(Forbidden, match="mobile: ask the help desk in room 12"):
        owners.check_may_print(Caller("x", said="mobile"), "followme")


@pytest.mark.parametrize("host", ["", "cli", "fe80::1%eth0", "999.1.1.1", "10.7.0.1/8"])
def test_what_is_no_address_of_the_network_is_not_within(host: str) -> None:
    assert not is_within(host, "10.7.0.0/16")


def test_a_list_of_names_is_read_as_names_are() -> None:
    assert listed(" CORP, corp.Example. ,, ") == {"corp", "corp.example"}
    assert parts("a\\b\\c@d").domains == ("a\\b", "d")
