"""Ways of writing and hiding a name."""

from __future__ import annotations

from random import Random

from attacks import disguises as d
from attacks.catalogue import Attack, Outcome, Rows, named
from attacks.people import Somebody

from redaction.findings import Known

row = ROWS = Rows()


def some_name(random: Random, who: Somebody) -> str:
    """The whole name, or a part of it that is long enough to be told from a word in any disguise."""
    parts = [part for part in (who.given, who.family) if len(part) >= 5]
    return random.choice([who.short, who.full, *parts])


@row("1", "plain")
def _plain(random: Random, who: Somebody) -> Attack:
    return named(who, random.choice((who.full, who.short)))


@row("2", "all lower case")
def _lower(random: Random, who: Somebody) -> Attack:
    return named(who, random.choice((who.full, who.short)).lower())


@row("3", "all capitals")
def _upper(random: Random, who: Somebody) -> Attack:
    return named(who, random.choice((who.full, who.short)).upper())


@row("4", "surname first")
def _surname_first(random: Random, who: Somebody) -> Attack:
    return named(
        who,
        random.choice(
            (f"{who.family.upper()}, {who.given}", f"{who.family}, {who.given}", f"{who.family} {who.given}")
        ),
    )


@row("5", "accents left out or wrong")
def _bare(random: Random, who: Somebody) -> Attack:
    wrong = who.full.translate(str.maketrans("șțȘȚ", "şţŞŢ"))
    return named(who, random.choice((d.bare(who.full), wrong)))


@row("6", "accents decomposed")
def _decomposed(random: Random, who: Somebody) -> Attack:
    return named(who, d.unicodedata.normalize("NFD", random.choice((who.full, who.short))))


@row("7", "invisible characters between letters")
def _invisible(random: Random, who: Somebody) -> Attack:
    return named(who, d.between(random.choice((who.given, who.short)), d.INVISIBLE, random))


@row("8", "soft hyphens, joiners, fillers, selectors")
def _weightless(random: Random, who: Somebody) -> Attack:
    return named(who, d.between(random.choice((who.given, who.short)), d.WEIGHTLESS, random))


@row("9", "bidi overrides", Outcome.REFUSED)
def _bidi(random: Random, who: Somebody) -> Attack:
    return named(
        who, random.choice(("\u202e{}\u202c", "\u2067{}\u2069", "\u202d{}\u202c")).format(who.full[::-1])
    )


@row("10", "look-alikes of one script")
def _look_alikes(random: Random, who: Somebody) -> Attack | None:
    table = random.choice((d.CYRILLIC, d.GREEK))
    fitting = [
        word
        for name in (who.given, who.family)
        for word in (d.bare(name), d.bare(name).upper())
        if len(word) >= 3 and all(letter in table for letter in word)
    ]
    return named(who, d.mapped(table)(random.choice(fitting))) if fitting else None


@row("11", "two scripts in one word", Outcome.GONE_AND_HELD)
def _mixed_script(random: Random, who: Somebody) -> Attack | None:
    table = random.choice((d.CYRILLIC, d.GREEK, d.ARMENIAN))
    planted = d.mapped(table)(who.short)
    words = planted.split()
    mixed = any(any(c.isascii() for c in word) and any(not c.isascii() for c in word) for word in words)
    return named(who, planted) if mixed else None


@row("12", "full width")
def _full_width(random: Random, who: Somebody) -> Attack:
    return named(who, d.full_width(random.choice((who.given, who.short))))


@row("13", "mathematical, enclosed, small capitals, flag letters")
def _fancy(random: Random, who: Somebody) -> Attack:
    fancy = random.choice(
        (d.mathematical, d.enclosed, d.flags, lambda text: d.mapped(d.SMALL_CAPITALS)(text.lower()))
    )
    return named(who, fancy(random.choice((who.given, who.short))))


@row("14", "tag characters", Outcome.REFUSED)
def _tag_characters(random: Random, who: Somebody) -> Attack:
    return named(who, "her" + "".join(chr(0xE0000 + ord(one)) for one in d.bare(who.full)))


@row("14b", "hidden payloads", Outcome.REFUSED)
def _payload(random: Random, who: Somebody) -> Attack:
    bits = "".join(f"{ord(one):08b}" for one in d.bare(who.given))
    zeros_and_ones = "".join("\u200b\u200c"[int(bit)] for bit in bits)
    selectors = "".join(chr(0xE0100 + ord(one)) for one in d.bare(who.given))
    return named(who, "her" + random.choice((zeros_and_ones, selectors, "\u2063" * 3)))


@row("15", "letters apart")
def _spaced(random: Random, who: Somebody) -> Attack:
    return named(who, d.spaced(random.choice((who.given, who.short)).replace("-", "")))


@row("16", "dots, dashes, stars between letters")
def _dotted(random: Random, who: Somebody) -> Attack | None:
    word = random.choice((who.given, who.family))
    return named(who, d.spaced(word, random.choice(".-*·_"))) if len(word) >= 3 else None


@row("16b", "letters starred out", Outcome.GONE_AND_HELD)
def _starred(random: Random, who: Somebody) -> Attack | None:
    word = max((who.given, who.family), key=len)
    if len(word) < 4:
        return None
    shown = random.choice(
        (
            word[:-2] + "**",
            word[0] + "***" + word[-1],
            word[:2] + "*" + word[3:],
            word[:3] + "*" * (len(word) - 3),
        )
    )
    return named(who, shown)


@row("17", "leet")
def _leet(random: Random, who: Somebody) -> Attack | None:
    text = random.choice((who.given, who.short, who.family))
    planted = d.mapped(d.LEET)(text.lower()).title() if random.random() < 0.5 else d.mapped(d.LEET)(text)
    words = [word for word in planted.split() if any(one.isdigit() for one in word)]
    letters = all(sum(one.isalpha() for one in word) for word in planted.split())
    return named(who, planted) if words and letters and len(d.bare(text)) >= 4 else None


@row("18", "backwards")
def _backwards(random: Random, who: Somebody) -> Attack:
    return named(who, some_name(random, who)[::-1])


@row("19", "broken over lines")
def _broken(random: Random, who: Somebody) -> Attack | None:
    word = max((who.given, who.family), key=len)
    if len(word) < 4:
        return None
    at = random.randrange(2, len(word) - 1)
    return named(who, word[:at] + random.choice(("-\n", "-\r\n", "\u00ad\n", "-\n  ")) + word[at:])


@row("20", "HTML entities")
def _entities(random: Random, who: Somebody) -> Attack:
    return named(who, d.entities(random.choice((who.given, who.short)), random))


@row("21", "tags inside the word")
def _tags(random: Random, who: Somebody) -> Attack:
    return named(who, d.tags(max((who.given, who.family), key=len), random))


@row("22", "percent signs, once or twice")
def _percent(random: Random, who: Somebody) -> Attack:
    text = random.choice((who.short, who.full))
    return named(who, d.percent(text, random.choice((1, 2))))


@row("22b", "quoted-printable")
def _quoted_printable(random: Random, who: Somebody) -> Attack:
    return named(who, d.forced_quoted_printable(random.choice((who.given, who.short)), random))


@row("23", "base64, hex, base32, rot13, Morse", person=False)
def _encoded(random: Random, who: Somebody) -> Attack:
    way = random.choice(sorted(d.ENCODINGS))
    return named(who, d.ENCODINGS[way](random.choice((who.short, some_name(random, who)))))


@row("23b", "blobs that nobody can read", Outcome.GONE_AND_HELD, person=False)
def _blob(random: Random, who: Somebody) -> Attack:
    scrambled = bytes(one ^ 0xA7 for one in who.full.encode() * 2)
    return named(who, d.base64.b64encode(scrambled).decode() if random.random() < 0.5 else scrambled.hex())


@row("24", "misread by a scanner", Outcome.GONE_OR_HELD)
def _misread(random: Random, who: Somebody) -> Attack:
    planted = d.misread(who.short, random)
    return Attack(planted, (Known("PERSON", who.full, "s1"),), (who.given, who.family), (planted,))


@row("25", "mistyped", Outcome.GONE_OR_HELD)
def _mistyped(random: Random, who: Somebody) -> Attack:
    planted = d.mistyped(who.short, random)
    return Attack(planted, (Known("PERSON", who.full, "s1"),), (who.given, who.family), (planted,))


@row("26", "given name or surname alone")
def _alone(random: Random, who: Somebody) -> Attack:
    return named(who, random.choice((who.given, who.family)))


@row("27", "given name that is a word")
def _word(random: Random, who: Somebody) -> Attack | None:
    words = {"Blessing", "Joy", "Precious", "Favour", "Gift", "Hope", "Grace", "Cherry", "Crina"}
    return named(who, who.given) if who.given in words else None


@row("28", "surname that is a place or a job")
def _job(random: Random, who: Somebody) -> Attack | None:
    return (
        named(who, who.family)
        if who.family in {"Moldoveanu", "Lăcătuș", "Ciobanu", "Mansour", "Cruz"}
        else None
    )


@row("29", "initials where a person is spoken of")
def _initials(random: Random, who: Somebody) -> Attack:
    one, other = d.bare(who.given)[0], d.bare(who.family)[0]
    planted = random.choice(
        (
            f"the client {one}.{other}.",
            f"Ms {one}. {who.family}",
            f"{who.given} {other}.",
            f"{one}. {who.family[0]}-{who.family[-3:]}",
            f"survivor {one}{other}",
        )
    )
    return Attack(
        planted,
        (Known("PERSON", who.full, "s1"),),
        (who.given, who.family),
        (f"{one}.{other}.",) if "client" in planted else (),
    )


@row("29b", "two letters by themselves", Outcome.HELD, person=False)
def _two_letters(random: Random, who: Somebody) -> Attack:
    return named(who, f"{d.bare(who.given)[0]}.{d.bare(who.family)[0]}.")


@row("30", "case endings and possessives")
def _cases(random: Random, who: Somebody) -> Attack:
    planted = random.choice((*who.cases, f"{who.given}'s", f"{who.short}’s"))
    return named(who, planted, more=tuple(planted.split("'")[:1]))


@row("31", "titles and forms of address")
def _titled(random: Random, who: Somebody) -> Attack:
    title = random.choice(who.titles)
    planted = f"{title} {random.choice((who.given, who.family))}"
    return named(who, planted, more=(title,) if title not in ("Mr", "Ms") else ())


@row("32", "other spellings")
def _spellings(random: Random, who: Somebody) -> Attack | None:
    if not who.spellings:
        return None
    other = random.choice(who.spellings)
    return named(who, random.choice((other, f"{other} {who.family}")), more=(other,))


@row("33", "native script")
def _native(random: Random, who: Somebody) -> Attack | None:
    if not who.native:
        return None
    planted = random.choice((who.native, who.native_given or who.native))
    return named(who, planted, more=tuple(who.native.split()))


@row("34", "every order of the parts")
def _orders(random: Random, who: Somebody) -> Attack:
    words = who.full.split() if not who.particle else [who.given, who.surname]
    random.shuffle(words)
    return named(who, " ".join(words))


@row("35", "short parts")
def _short(random: Random, who: Somebody) -> Attack | None:
    short = [part for part in (who.given, who.family) if len(part) <= 4]
    return named(who, random.choice(short)) if short else None


@row("36", "particles and double names")
def _particles(random: Random, who: Somebody) -> Attack:
    if who.particle:
        return named(who, random.choice((who.full, who.surname)), more=(who.particle,))
    return named(who, random.choice((f"{who.given}-Maria {who.family}", f"{who.given} van der {who.family}")))


@row("37-42", "pet names")
def _pet_names(random: Random, who: Somebody) -> Attack | None:
    if not who.pet_names:
        return None
    pet = random.choice(who.pet_names)
    return named(who, random.choice((pet, f"{pet} {who.family}")), more=(pet,))


@row("40", "kunya")
def _kunya(random: Random, who: Somebody) -> Attack | None:
    if who.origin != "arabic":
        return None
    child = random.choice(("Khaled", "Nour", "Yusuf"))
    kunya = random.choice(("Umm", "Oum", "Um"))
    return named(who, f"{kunya} {child}", alias=f"Umm {child}", more=(child, kunya))


@row("41", "pet name from the form")
def _alias(random: Random, who: Somebody) -> Attack:
    pet = random.choice(("bé Na", "Tí", "Bống", "Jing-jing", "Girlie", "Nuni"))
    return named(who, pet, alias=pet, more=(pet.replace("bé ", ""),))


@row("43", "working name")
def _working_name(random: Random, who: Somebody) -> Attack:
    name = random.choice(("Bella", "Jessica", "Roxy", "Candy"))
    return named(who, random.choice((f'"{name}"', f"{name} from the flat", name)), alias=name, more=(name,))


@row("44", "code name of the partner")
def _code_name(random: Random, who: Somebody) -> Attack:
    name = random.choice(("Sparrow", "Heron", "Magnolia"))
    return named(who, f"case {name}", alias=name, more=(name,))


@row("45", "spelt out, and acrostics", Outcome.HELD)
def _spelt_out(random: Random, who: Somebody) -> Attack | None:
    letters = d.bare(random.choice((who.given, who.family))).upper()
    if len(letters) < 4 or not letters.isalpha():
        return None
    nato = d.CALLED
    called = [nato[ord(letter) - 65] for letter in letters]
    lines = "\n".join(
        f"{letter}{random.choice(('nd then it was quiet', 'ow it was late', 'nother day went by'))}"
        for letter in letters
    )
    return named(
        who,
        random.choice(
            (", ".join(f"{word[0]} as in {word}" for word in called), " ".join(called), "\n" + lines + "\n")
        ),
    )


@row("46", "picture in place of a name", Outcome.HELD)
def _picture(random: Random, who: Somebody) -> Attack:
    picture = random.choice("🌹🦋🌸💎🌙")
    return named(who, random.choice((f"{picture} ({who.given})", f"{picture} (Trandafir)")))
