"""How a value is hidden: plain functions from a string to the string that is planted."""

from __future__ import annotations

import base64
import codecs
import quopri
import unicodedata
from collections.abc import Callable
from random import Random
from urllib.parse import quote

CYRILLIC = dict(zip("aceopxyijsABCEHIJKMOPSTXY", "асеорхуіјѕАВСЕНІЈКМОРЅТХУ", strict=True))
GREEK = dict(zip("ovABEHIKMNOPTXYZ", "ονΑΒΕΗΙΚΜΝΟΡΤΧΥΖ", strict=True))
ARMENIAN = dict(zip("ouhnq", "օսհոզ", strict=True))
SMALL_CAPITALS = dict(zip("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", strict=True))
LEET = dict(zip("aeiostbg", "43105789", strict=True))
MORSE = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        [
            *(".-", "-...", "-.-.", "-..", ".", "..-.", "--.", "....", "..", ".---", "-.-", ".-..", "--"),
            *("-.", "---", ".--.", "--.-", ".-.", "...", "-", "..-", "...-", ".--", "-..-", "-.--", "--.."),
        ],
        strict=True,
    )
)
CALLED = [
    *(
        "Alfa",
        "Bravo",
        "Charlie",
        "Delta",
        "Echo",
        "Foxtrot",
        "Golf",
        "Hotel",
        "India",
        "Juliett",
        "Kilo",
        "Lima",
    ),
    *(
        "Mike",
        "November",
        "Oscar",
        "Papa",
        "Quebec",
        "Romeo",
        "Sierra",
        "Tango",
        "Uniform",
        "Victor",
        "Whiskey",
    ),
    *("Xray", "Yankee", "Zulu"),
]
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
WEIGHTLESS = "\u00ad\u034f\u3164\ufe0f"


def bare(text: str) -> str:
    """`text` in ASCII letters, as a keyboard without accents types it."""
    swapped = text.translate(str.maketrans("đĐøØłŁıßəƏ", "dDoOlLisaA"))
    return "".join(one for one in unicodedata.normalize("NFKD", swapped) if not unicodedata.combining(one))


def mapped(table: dict[str, str]) -> Callable[[str], str]:
    """Every letter that the table has, replaced."""
    return lambda text: "".join(table.get(one, one) for one in bare(text))


def between(text: str, signs: str, random: Random) -> str:
    """One of `signs` between all letters of each word."""
    pieces = [random.choice(signs).join(word) for word in text.split(" ")]
    return " ".join(pieces)


def spaced(text: str, sign: str = " ") -> str:
    """Letters one by one, words a little further apart."""
    return (sign * 3 if sign == " " else sign).join(sign.join(word) for word in text.split())


def full_width(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in bare(text))


def mathematical(text: str) -> str:
    return "".join(
        chr(0x1D400 + ord(one) - 65)
        if one.isupper()
        else chr(0x1D41A + ord(one) - 97)
        if one.islower()
        else one
        for one in bare(text)
    )


def enclosed(text: str) -> str:
    return "".join(
        chr(0x24B6 + ord(one) - 65)
        if one.isupper()
        else chr(0x24D0 + ord(one) - 97)
        if one.islower()
        else one
        for one in bare(text)
    )


def flags(text: str) -> str:
    return "".join(chr(0x1F1E6 + ord(one) - 65) if one.isalpha() else one for one in bare(text).upper())


def entities(text: str, random: Random) -> str:
    return "".join(
        one if one == " " or random.random() < 0.5 else random.choice((f"&#{ord(one)};", f"&#x{ord(one):x};"))
        for one in text
    )


def tags(text: str, random: Random) -> str:
    at = random.randrange(1, len(text))
    return (
        text[:at] + random.choice(("<b></b>", "<i>", "<span class='q'>", "<!-- x -->", "</em>")) + text[at:]
    )


def percent(text: str, times: int) -> str:
    for _ in range(times):
        text = quote(text, safe="" if times > 1 else "'")
    return text


def quoted_printable(text: str) -> str:
    return quopri.encodestring(text.encode(), quotetabs=True).decode().replace("=\n", "")


def forced_quoted_printable(text: str, random: Random) -> str:
    """Quoted-printable even for letters that would not need it."""
    return "".join(
        "".join(f"={octet:02X}" for octet in one.encode())
        if random.random() < 0.4 or not one.isascii()
        else one
        for one in text
    )


ENCODINGS: dict[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "hex": lambda text: text.encode().hex(),
    "spaced hex": lambda text: text.encode().hex(" "),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "rot13": lambda text: codecs.encode(bare(text), "rot13"),
    "morse": lambda text: " / ".join(
        " ".join(MORSE[one] for one in word if one in MORSE) for word in bare(text).lower().split()
    ),
}


def misread(text: str, random: Random) -> str:
    """One or two slips of a scanner."""
    swaps = [
        ("m", "rn"),
        ("u", "ii"),
        ("i", "1"),
        ("o", "0"),
        ("a", "4"),
        ("l", "1"),
        ("I", "l"),
        ("S", "5"),
        ("d", "cl"),
    ]
    fitting = [swap for swap in swaps if swap[0] in bare(text)]
    for seen, read in random.sample(fitting, min(len(fitting), random.choice((1, 2)))):
        text = bare(text).replace(seen, read, 1)
    return text


def mistyped(text: str, random: Random) -> str:
    """One slip of a finger inside each word: a letter doubled, dropped, exchanged or turned with its neighbour."""
    words = []
    for word in text.split(" "):
        if len(word) < 6:
            words.append(word)
            continue
        at = random.randrange(1, len(word) - 2)
        slip = random.choice(("double", "drop", "turn", "other"))
        if slip == "double":
            word = word[:at] + word[at] + word[at:]
        elif slip == "drop":
            word = word[:at] + word[at + 1 :]
        elif slip == "turn":
            word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        else:
            word = word[:at] + random.choice("aeiorstn") + word[at + 1 :]
        words.append(word)
    return " ".join(words)


def digits_in_words(number: str) -> str:
    words = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return " ".join(words[int(one)] for one in number if one.isdigit())


def keycaps(number: str) -> str:
    return "".join(f"{one}\ufe0f\u20e3" if one.isdigit() else one for one in number)


def other_digits(number: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(one)) if one.isdigit() else one for one in number)
