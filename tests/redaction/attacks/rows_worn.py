"""Names that went through several machines or a careless hand: packed twice, half lost, doubled, cut off."""

from __future__ import annotations

from random import Random

from attacks import disguises as d
from attacks.catalogue import Attack, Outcome, Rows, named
from attacks.people import Somebody

from redaction.findings import Known

row = ROWS = Rows()

LOST = ("\ufffd", "_", "?")
SLIPS = ("turn", "drop", "double")


def planted_as(who: Somebody, planted: str) -> Attack:
    """The name is on the form; neither it nor what was planted may be left."""
    return Attack(planted, (Known("PERSON", who.full, "s1"),), (who.given, who.family), (planted,))


def long_part(random: Random, who: Somebody) -> str | None:
    """A word of the name that stays one in any of these disguises, in ASCII letters."""
    long = [part for part in map(d.bare, (who.given, who.family)) if len(part) >= 6 and part.isalpha()]
    return random.choice(long) if long else None


@row("20b", "entities, packed twice or three times")
def _entities_again(random: Random, who: Somebody) -> Attack:
    planted = "".join(f"&#{ord(one)};" if random.random() < 0.7 else one for one in who.given)
    for _ in range(random.choice((1, 2))):
        planted = planted.replace("&", "&amp;")
    return named(who, planted)


@row("20c", "wide signs around entities and percent codes")
def _wide_entities(random: Random, who: Somebody) -> Attack:
    written = random.choice((d.full_width("".join(f"&#{ord(one)};" for one in who.given)), None))
    return named(who, written or d.percent(who.given, 1).replace("%", "％"))


@row("20d", "escapes of programs and style sheets", Outcome.GONE_OR_HELD)
def _program_escapes(random: Random, who: Somebody) -> Attack:
    name = d.bare(who.given)
    ways = (
        "".join(f"\\{ord(one):03o}" for one in name),
        "".join(f"\\u{{{ord(one):x}}}" for one in name),
        "".join(f"\\{ord(one):x} " for one in name),
        "".join(f"\\U{ord(one):08x}" for one in name),
    )
    planted = random.choice(ways)
    return Attack(planted, (Known("PERSON", who.full, "s1"),), (who.given, who.family), (planted,))


@row("16c", "letters apart with pictures, line ends or signs for letters, and a slip", Outcome.GONE_OR_HELD)
def _apart_with_a_slip(random: Random, who: Somebody) -> Attack | None:
    part = long_part(random, who)
    if part is None:
        return None
    way = random.choice(("slip", "leet", "double"))
    if way == "leet":
        signs = part.lower().translate(str.maketrans("aeiost", "43105+"))
        return planted_as(who, " ".join(signs)) if any(one.isalpha() for one in signs) else None
    if way == "double":
        return planted_as(who, "-".join(one * random.choice((1, 2)) for one in part.lower()))
    at = random.randrange(1, len(part) - 1)
    turned = part[:at] + part[at + 1] + part[at] + part[at + 2 :]
    return planted_as(who, random.choice(("\n", "😊", " / ", "~")).join(turned))


@row("24b", "letters that no program could read", Outcome.GONE_OR_HELD)
def _lost_letters(random: Random, who: Somebody) -> Attack | None:
    marked = [word for word in (who.given, who.family) if not word.isascii() and len(word) >= 5]
    if not marked:
        return None
    word = random.choice(marked)
    if sum(one.isascii() for one in word) < 3:
        return None
    sign = random.choice(LOST)
    return planted_as(who, "".join(one if one.isascii() else sign for one in word))


@row("25b", "every letter twice")
def _doubled(random: Random, who: Somebody) -> Attack | None:
    part = long_part(random, who)
    return planted_as(who, "".join(one * 2 for one in part.lower())) if part else None


@row("25c", "given name and surname cut off")
def _cut_off(random: Random, who: Somebody) -> Attack | None:
    given, family = d.bare(who.given), d.bare(who.family)
    if min(len(given), len(family)) < 6 or not (given + family).isalpha():
        return None
    planted = f"{given[:3].title()}. {family[:4].title()}."
    return Attack(planted, (Known("PERSON", who.full, "s1"),), (who.given, who.family, given[:3], family[:4]))
