"""Ways of writing and hiding a telephone number."""

from __future__ import annotations

from random import Random

from attacks import disguises as d
from attacks.catalogue import Attack, Outcome, Rows
from attacks.people import Somebody

from redaction.findings import Known

row = ROWS = Rows()


def phone(random: Random) -> str:
    return f"+40 722 {random.randrange(100, 999)} {random.randrange(100, 999)}"


def numbered(who: Somebody, number: str, planted: str, *strings: str) -> Attack:
    digits = "".join(one for one in number if one.isdigit())
    return Attack(
        planted,
        (Known("PERSON", who.full), Known("PHONE", number, "s1")),
        (),
        strings or (digits[-7:], planted),
    )


@row("63", "telephone, international", person=False)
def _phone(random: Random, who: Somebody) -> Attack:
    number = phone(random)
    return numbered(
        who,
        number,
        random.choice((number, number.replace(" ", ""), number.replace(" ", "-"), "00" + number[1:])),
    )


@row("64-65", "telephone, national, with and without its 0", person=False)
def _phone_national(random: Random, who: Somebody) -> Attack:
    number = phone(random)
    national = number.removeprefix("+40 ")
    return numbered(
        who,
        number,
        random.choice(
            ("0" + national, national, "0" + national.replace(" ", "."), f"(0{national[:3]}) {national[4:]}")
        ),
    )


@row("66", "telephone in words", person=False)
def _phone_words(random: Random, who: Somebody) -> Attack:
    number = phone(random)
    return numbered(who, number, d.digits_in_words("0" + number.removeprefix("+40 ")))


@row("67", "telephone in keycaps and other digits", person=False)
def _phone_digits(random: Random, who: Somebody) -> Attack:
    number = phone(random)
    national = "0" + number.removeprefix("+40 ")
    return numbered(
        who,
        number,
        random.choice((d.keycaps(national), d.other_digits(national, "٠"), d.other_digits(national, "০"))),
    )


@row("68", "telephone in pieces", Outcome.HELD, person=False)
def _phone_pieces(random: Random, who: Somebody) -> Attack:
    number = phone(random)
    one, two, three = number.removeprefix("+40 ").split()
    return numbered(
        who,
        number,
        random.choice(
            (
                f"0{one} *** {three}",
                f"a number that ends in {three}",
                f"0{one} to begin with, then {two}, and at last {three}",
            )
        ),
    )
