"""Names inside addresses, links, handles, files and pasted data."""

from __future__ import annotations

from random import Random

from attacks import disguises as d
from attacks.catalogue import Attack, Rows, named
from attacks.people import Somebody

from redaction.findings import Known

row = ROWS = Rows()


def contact(who: Somebody, planted: str, kind: str, value: str, *strings: str) -> Attack:
    """A contact of hers is on the form beside the name."""
    return Attack(
        planted,
        (Known("PERSON", who.full, "s1"), Known(kind, value, "s1")),
        (who.given, who.family),
        strings or (value,),
    )


def local(random: Random, who: Somebody) -> str:
    given, family = d.bare(who.given).lower(), d.bare(who.family).lower()
    return random.choice(
        (
            f"{given}.{family}",
            f"{given}_{family}",
            f"{given}{family}{random.randrange(80, 99)}",
            f"{given[0]}{family}",
        )
    )


@row("47", "e-mail", person=False)
def _email(random: Random, who: Somebody) -> Attack:
    address = f"{local(random, who)}@{random.choice(('gmail.com', 'mail.ro', 'yahoo.fr'))}"
    return contact(who, address, "EMAIL", address)


@row("48", "e-mail in disguise", person=False)
def _email_disguised(random: Random, who: Somebody) -> Attack:
    name = local(random, who)
    at = random.choice((" [at] ", "(at)", " @ ", "＠", " arobase "))
    dot = random.choice((" [dot] ", "(dot)", "。", " dot "))
    return contact(who, f"{name}{at}gmail{dot}com", "EMAIL", f"{name}@gmail.com", name)


@row("49", "e-mail of an internal host", person=False)
def _email_internal(random: Random, who: Somebody) -> Attack:
    address = f"{local(random, who)}@{random.choice(('srv.local', 'shelter.internal', 'mail.lan'))}"
    return contact(who, address, "PERSON", who.given, address)


@row("50", "handle", person=False)
def _handle(random: Random, who: Somebody) -> Attack:
    handle = "@" + local(random, who)
    return contact(who, handle, "HANDLE", handle)


@row("51", "hashtag", person=False)
def _hashtag(random: Random, who: Somebody) -> Attack:
    return named(who, "#Find" + d.bare(who.given) + d.bare(who.family).replace(" ", ""))


@row("52", "profile link", person=False)
def _profile(random: Random, who: Somebody) -> Attack:
    link = f"facebook.com/{local(random, who)}.{random.randrange(1000, 9999)}"
    return named(who, random.choice(("", "https://www.")) + link)


@row("53", "name in a query", person=False)
def _query(random: Random, who: Somebody) -> Attack:
    joined = d.bare(who.short).lower().replace(" ", random.choice(("+", "%20", "%2B")))
    return named(who, f"https://search.com/find?q={joined}&hl=en")


@row("54", "messenger links", person=False)
def _messenger(random: Random, who: Somebody) -> Attack:
    number = f"40722{random.randrange(100000, 999999)}"
    link = random.choice((f"t.me/{local(random, who)}", f"wa.me/{number}", f"https://zalo.me/{number}"))
    return contact(who, link, "PHONE", number, link)


@row("55", "working name in an advert's link", person=False)
def _advert(random: Random, who: Somebody) -> Attack:
    link = f"https://ads.com/escorts/oxford/bellaxx{random.randrange(10, 99)}"
    return contact(who, link, "HANDLE", "bellaxx", "bellaxx")


@row("56", "file name", person=False)
def _file_name(random: Random, who: Somebody) -> Attack:
    return named(who, f"IMG_{d.bare(who.short).lower().replace(' ', '_')}_passport.jpg")


@row("57", "camel case, paths", person=False)
def _camel(random: Random, who: Somebody) -> Attack:
    given, family = d.bare(who.given), d.bare(who.family)
    return named(
        who,
        random.choice(
            (
                f"Intake{given}{family}FINAL.docx",
                f"C:\\Users\\{given[0].lower()}{family.lower()}\\x.txt",
                f"/home/{given.lower()}.{family.lower()}/",
            )
        ),
    )


@row("58", "pasted data", person=False)
def _data(random: Random, who: Somebody) -> Attack:
    return named(
        who,
        random.choice(
            (
                f'{{"n": "{who.given}", "f": "{who.family}"}}',
                f"name;{who.given};{who.family};F",
                f"<n>{who.short}</n>",
            )
        ),
    )


@row("59", "machine readable zone", person=False)
def _mrz(random: Random, who: Somebody) -> Attack:
    family, given = d.bare(who.family).upper().replace(" ", "<"), d.bare(who.given).upper()
    return named(who, f"P<ROU{family}<<{given}".ljust(44, "<"))


@row("60", "signature block", person=False)
def _signature(random: Random, who: Somebody) -> Attack:
    return named(
        who,
        random.choice((f"--\n{who.short}\n", f"sent from {who.given}'s iPhone", f"iPhone de {who.given}")),
    )


@row("61", "quoted headers", person=False)
def _headers(random: Random, who: Somebody) -> Attack:
    address = f"{local(random, who)}@gmail.com"
    return contact(who, f"\nFrom: {who.short} <{address}>\nSubject: Fwd: {who.given}\n", "EMAIL", address)
