"""Ways of writing and hiding a date of birth, and of misreading the figures of any number."""

from __future__ import annotations

from random import Random

from attacks.catalogue import Attack, Rows
from attacks.people import Somebody
from attacks.rows_numbers import numbered, phone

from redaction.findings import Known

row = ROWS = Rows()

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
LETTERS = {"0": "Oo", "1": "lI", "2": "Zz", "5": "S", "8": "B"}

# Each with what of it must not be left, run together.
IN_WORDS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "1998-07-12": (
        ("the twelfth of July nineteen ninety-eight", ("july", "nineteenninetyeight")),
        ("12 July, ninety-eight", ("july", "ninetyeight")),
        ("born in nineteen ninety-eight", ("nineteenninetyeight",)),
        ("le douze juillet mille neuf cent quatre-vingt-dix-huit", ("juillet", "neufcent", "dixhuit")),
        ("12 a lunii a șaptea, anul 98", ("saptea", "98")),
        ("pe doisprezece iulie nouăzeci și opt", ("doisprezece", "nouazeci")),
        ("il dodici luglio millenovecentonovantotto", ("luglio", "novantotto")),
    ),
    "2001-02-03": (
        ("le trois février deux mille un", ("fevrier", "deuxmille")),
        ("le 3 du mois de février, en 2001", ("fevrier", "2001")),
        ("née en deux mille un", ("deuxmille",)),
        ("the third of February two thousand and one", ("february", "twothousand")),
        ("born in oh-one, on the third of February", ("ohone", "february")),
    ),
    "2003-12-25": (
        ("el veinticinco de diciembre de dos mil tres", ("diciembre", "dosmil")),
        ("nacida el 25 de diciembre, dos mil tres", ("diciembre", "dosmil")),
        ("25.12.2OO3", ("2oo3", "2512")),
        ("Dec25", ("dec25",)),
    ),
}


def misread(random: Random, figures: str) -> str:
    """`figures` with one in three typed as the letter that looks like it, two at the least."""
    places = [at for at, one in enumerate(figures) if one in LETTERS]
    chosen = set(random.sample(places, min(len(places), max(2, len(places) // 3))))
    return "".join(random.choice(LETTERS[one]) if at in chosen else one for at, one in enumerate(figures))


def born(day: str, planted: str, *strings: str) -> Attack:
    return Attack(planted, (Known("DATE_OF_BIRTH", day, "s1"),), (), strings or (planted,))


@row("67b", "telephone with letters for figures", person=False)
def _phone_misread(random: Random, who: Somebody) -> Attack:
    number = phone(random)
    planted = misread(random, "0" + number.removeprefix("+40 "))
    return numbered(who, number, planted, planted)


@row("71b", "document with letters for figures", person=False)
def _document_misread(random: Random, who: Somebody) -> Attack:
    value = f"KX {random.randrange(100000, 999999)}"
    planted = "KX " + misread(random, value[3:])
    return Attack(planted, (Known("DOCUMENT", value, "s1"),), (), (planted,))


@row("94", "date of birth in figures", person=False)
def _born_in_figures(random: Random, who: Somebody) -> Attack:
    year, month, day = random.randrange(1985, 2010), random.randrange(1, 13), random.randrange(1, 29)
    d, m, y = f"{day:02}", f"{month:02}", str(year)
    sign = random.choice((".", "/", "-", " ", "|", ". "))
    planted = random.choice(
        (
            sign.join((d, m, y)),
            sign.join((y, m, d)),
            sign.join((d, m, y[2:])),
            f"{day} {ROMAN[month - 1]} {y[2:]}",
            f"{d}.{ROMAN[month - 1]}.{y}",
            " ".join(d + m + y),
            misread(random, f"{d}.{m}.{y}"),
        )
    )
    return born(f"{y}-{m}-{d}", planted)


@row("94b", "date of birth in words", person=False)
def _born_in_words(random: Random, who: Somebody) -> Attack:
    day = random.choice(sorted(IN_WORDS))
    planted, strings = random.choice(IN_WORDS[day])
    return born(day, planted, *strings)
