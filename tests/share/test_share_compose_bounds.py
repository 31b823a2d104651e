"""What may be posted can be looked through in a moment: the limits at the door, and what a look costs behind it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from builders import make_draft, make_ground, make_person

from redaction.detectors.known_likeness import NamesLookedUp
from redaction.findings import Known
from redaction.names import Names, Person, person_of
from share.bounds import MOST_TYPED
from share.draft import Draft, Event, Identifier, Lead, Suspect
from share.draft import Person as Somebody
from share.errors import NotAcceptable
from share.intake import check

LETTERS = "aeiouylrnsmtkdpbvgh"


def somebody(number: int, *identifiers: tuple[str, str], **fields: str) -> Somebody:
    said = {name: (value,) for name, value in fields.items()}
    return Somebody(f"P{number}", "survivor", said, tuple(Identifier(*each) for each in identifiers))


def raid(people: int = 60) -> tuple[Somebody, ...]:
    """Each with her names, her birthday and six identifiers."""
    return tuple(
        somebody(
            number,
            ("PERSON", f"Ioana Maria Popescu {number}"),
            ("PERSON", "Ionuca"),
            ("PHONE", f"+40 740 000 {number:03}"),
            ("DOCUMENT", f"RO 055{number:06}"),
            ("ADDRESS", f"Strada Lunga {number}, ap. 4, Oradea"),
            ("EMAIL", f"ioana.{number}@example.org"),
            prs_FirstName="Ioana Maria",
            prs_SecondName=f"Popescu {number}",
            prs_Birthdate=f"19{70 + number % 29}-04-05",
        )
        for number in range(people)
    )


def draft(**changes: Any) -> Draft:
    return make_draft(grounds=(make_ground("no-subject"),), **changes)


def test_a_raid_with_sixty_people_is_taken() -> None:
    leads = tuple(Lead("VEHICLE_PLATE", f"BH {number} MDR") for number in range(100))
    suspects = tuple(
        Suspect(f"S{number}", names=("Nelu", "nea Nelu"), phones=("+40 770 000 562",)) for number in range(50)
    )
    check(draft(people=raid(), leads=leads, suspects=suspects, narrative="They were found there. " * 900))


def test_few_people_may_have_the_longest_narrative() -> None:
    check(draft(people=raid(6), narrative="a" * 200_000))


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"people": raid(120)}, "too_many_identifiers", "people"),
        (
            {"people": tuple(somebody(n, ("DATE", f"1990-{n % 12 + 1:02}-05")) for n in range(101))},
            "too_many_identifiers",
            "people",
        ),
        ({"people": (make_person(names=("Ioana " * 13,)),)}, "name_of_too_many_words", "people"),
        (
            {"people": tuple(somebody(n, ("PERSON", "a" * 490)) for n in range(60))},
            "too_many_identifiers",
            "people",
        ),
        (
            {"leads": tuple(Lead("VENUE", f"Bar {n}") for n in range(MOST_TYPED))},
            "too_many_typed_values",
            "leads",
        ),
        (
            {"events": tuple(Event("Transit", city="Oradea") for _ in range(MOST_TYPED + 1))},
            "too_many_typed_values",
            "leads",
        ),
        ({"people": raid(), "narrative": "a" * 200_000}, "too_long_for_so_many_people", "narrative"),
    ],
)
def test_more_than_can_be_looked_through_is_refused(changes: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(NotAcceptable, match=code) as refused:
        check(draft(**changes))
    assert refused.value.path == path


def names(count: int, *, seed: int = 1) -> list[Person]:
    rng = random.Random(seed)
    words = (" ".join(word(rng).title() for _ in range(rng.randrange(1, 4))) for _ in range(count))
    return [person for each in words if (person := person_of(Known("PERSON", each, "P1")))]


def word(rng: random.Random) -> str:
    return "".join(rng.choice(LETTERS) for _ in range(rng.randrange(3, 12)))


def changed(rng: random.Random, word: str) -> str:
    """`word` with up to three slips in it, or with more behind it."""
    letters = list(word)
    for _ in range(rng.randrange(4)):
        at = rng.randrange(len(letters) or 1)
        letters[at : at + rng.randrange(3)] = rng.choices(LETTERS, k=rng.randrange(3))
    return "".join(letters) + rng.choice(("", "", "ova", "lui"))


@pytest.mark.parametrize("seed", range(8))
def test_what_is_looked_up_is_what_comparing_one_by_one_finds(seed: int) -> None:
    rng = random.Random(seed)
    persons = names(25, seed=seed)
    one_by_one, looked_up = Names(persons), NamesLookedUp(persons)
    parts = [part.key for person in persons for part in person.parts]
    found = 0
    for asked in {changed(rng, rng.choice(parts)) for _ in range(300)} - {""}:
        for foreign in (False, True):
            forms = one_by_one.forms_of(asked, foreign=foreign)
            assert looked_up.forms_of(asked, foreign=foreign) == forms
            found += bool(forms)
        assert list(looked_up.forms_in_leet(asked)) == list(one_by_one.forms_in_leet(asked))
    assert found > 100


def compared(makes: Callable[[list[Person]], Names], where: str, patch: pytest.MonkeyPatch) -> int:
    """How often a word is compared with a part of a name, when 100 words are asked of 300 names."""
    made, times = makes(names(300)), []

    def counts(*_: Any, **__: Any) -> bool:
        times.append(1)
        return False

    patch.setattr(where, counts)
    for number in range(100):
        made.forms_of(word(random.Random(-number)))
    return len(times)


def test_a_word_is_compared_with_hardly_any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the control: compared one by one, each of them is compared with every part of every name."""
    few = compared(NamesLookedUp, "redaction.detectors.known_likeness.is_near", monkeypatch)
    all_of_them = compared(Names, "redaction.names.is_near", monkeypatch)
    assert few * 10 < all_of_them
