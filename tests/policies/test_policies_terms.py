"""The policy lattice: whatever voices are combined, and in whatever order, nobody is overruled."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.terms import (
    EVERY_CIRCLE,
    NOBODY,
    Detail,
    Linkage,
    Readers,
    Terms,
    Tlp,
    Withheld,
    binding,
    govern,
)
from policies.vocabulary import VOCABULARY

KINDS = ["PLACE", "DATE", "GENDER", "NARRATIVE", "PERSON"]
CIRCLES = ["shelters", "labour-inspection", "prosecutors"]
PURPOSES = sorted(VOCABULARY.purposes)
VOICES = ("floor", "source", "ground", "clearance")

some_readers = st.one_of(st.just(EVERY_CIRCLE), st.sets(st.sampled_from(CIRCLES)).map(Readers.of))
some_terms = st.builds(
    Terms,
    detail=st.dictionaries(st.sampled_from(KINDS), st.sampled_from(Detail)),
    readers=some_readers,
    purposes=st.frozensets(st.sampled_from(PURPOSES)),
    until=st.dates(),
    smallest_group=st.integers(0, 50),
    linkage=st.sampled_from(Linkage),
    tlp=st.sampled_from(Tlp),
)
four_voices = st.fixed_dictionaries(dict.fromkeys(VOICES, some_terms))


def terms(**said: object) -> Terms:
    """Terms that let PLACE out to shelters for services until the end of 2027, but for what is said."""
    given_ = {
        "detail": {"PLACE": Detail.COARSE},
        "readers": Readers.of(["shelters"]),
        "purposes": frozenset({"services"}),
        "until": date(2027, 12, 31),
        "smallest_group": 3,
        "linkage": Linkage.NONE,
        "tlp": Tlp.AMBER_STRICT,
    }
    return Terms(**(given_ | said))  # type: ignore[arg-type]


def is_within(inner: Terms, outer: Terms) -> bool:
    """Whether `inner` lets nothing out that `outer` does not; written out, so as not to lean on `&`."""
    return (
        all(inner.allows(kind) <= outer.allows(kind) for kind in KINDS)
        and all(circle in outer.readers for circle in CIRCLES if circle in inner.readers)
        and inner.readers.everyone <= outer.readers.everyone
        and inner.purposes <= outer.purposes
        and inner.until <= outer.until
        and inner.smallest_group >= outer.smallest_group
        and inner.linkage <= outer.linkage
        and inner.tlp <= outer.tlp
    )


@given(some_terms, some_terms)
def test_the_order_of_voices_does_not_matter(a, b):
    assert a & b == b & a


@given(some_terms, some_terms, some_terms)
def test_grouping_of_voices_does_not_matter(a, b, c):
    assert (a & b) & c == a & (b & c)


@given(some_terms)
def test_saying_it_twice_changes_nothing(a):
    assert a & a == a


@given(four_voices)
def test_the_result_never_exceeds_any_voice(voices):
    together = govern(**voices)
    assert all(is_within(together, voice) for voice in voices.values())


@given(some_terms, some_terms, some_terms)
def test_tightening_one_voice_never_loosens_the_result(a, tightening, b):
    assert is_within((a & tightening) & b, a & b)


@given(some_terms)
def test_nothing_wins_over_everything_else(a):
    assert a & Terms.nothing() == Terms.nothing()


@given(some_terms)
def test_everything_has_nothing_to_object(a):
    assert a & Terms.everything(VOCABULARY.kinds, VOCABULARY.purposes) == a


@given(four_voices, st.sampled_from(KINDS))
def test_binding_names_voices_that_explain_the_result(voices, kind):
    named = binding(kind, **voices)
    together = govern(**voices).allows(kind)
    assert named
    assert all(voices[name].allows(kind) is together for name in named)
    # Had those voices said nothing against it, more would have been told.
    unlimited = Terms.everything(VOCABULARY.kinds, VOCABULARY.purposes)
    without = govern(**(voices | dict.fromkeys(named, unlimited))).allows(kind)
    assert without > together or together is Detail.EXACT


@given(four_voices, st.sampled_from(VOICES))
def test_no_voice_can_be_forgotten(voices, forgotten):
    del voices[forgotten]
    with pytest.raises(TypeError):
        govern(**voices)


@given(some_terms, st.text(max_size=12).filter(lambda kind: kind not in KINDS))
def test_a_kind_that_is_not_named_is_not_shared(a, kind):
    assert a.allows(kind) is Detail.NOTHING


@given(some_terms)
def test_naming_a_kind_at_nothing_is_not_naming_it(a):
    silent = Terms(
        detail={**a.detail, "VENUE": Detail.NOTHING},
        readers=a.readers,
        purposes=a.purposes,
        until=a.until,
        smallest_group=a.smallest_group,
        linkage=a.linkage,
        tlp=a.tlp,
    )
    assert silent == a


def test_terms_cannot_be_changed_behind_their_back():
    detail = {"PLACE": Detail.COARSE}
    stated = terms(detail=detail)
    detail["PLACE"] = Detail.EXACT
    assert stated.allows("PLACE") is Detail.COARSE
    with pytest.raises(TypeError):
        stated.detail["PLACE"] = Detail.EXACT  # type: ignore[index]


def test_a_named_reader_is_admitted_for_the_purpose_up_to_the_last_day():
    terms().admit("shelters", purpose="services", on=date(2027, 12, 31))


@pytest.mark.parametrize(
    ("reason", "said", "asked"),
    [
        ("not_a_reader", {"readers": NOBODY}, {}),
        ("not_a_reader", {"readers": Readers.of([])}, {}),
        ("not_a_reader", {}, {"circle": "prosecutors"}),
        ("not_a_reader", {}, {"circle": ""}),
        ("purpose_not_covered", {"purposes": frozenset()}, {}),
        ("purpose_not_covered", {}, {"purpose": "research"}),
        ("purpose_not_covered", {}, {"purpose": ""}),
        ("expired", {"until": date(2027, 3, 1)}, {}),
        ("expired", {}, {"on": date(2027, 12, 31) + timedelta(days=1)}),
        ("nothing_allowed", {"detail": {}}, {}),
        ("nothing_allowed", {"detail": {"PLACE": Detail.NOTHING}}, {}),
    ],
)
def test_whoever_is_not_meant_is_refused(reason, said, asked):
    circle, purpose, on = (
        asked.get(key, usual)
        for key, usual in {"circle": "shelters", "purpose": "services", "on": date(2027, 6, 1)}.items()
    )
    with pytest.raises(Withheld) as refusal:
        terms(**said).admit(circle, purpose=purpose, on=on)
    assert refusal.value.reasons == (reason,)


@pytest.mark.parametrize("circle", CIRCLES)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_nothing_admits_nobody_ever(circle, purpose):
    with pytest.raises(Withheld):
        Terms.nothing().admit(circle, purpose=purpose, on=date.min)


def test_every_circle_is_said_outright_and_never_by_leaving_it_empty():
    assert "shelters" in EVERY_CIRCLE
    assert "shelters" not in Readers.of([])
    assert Readers.of([]) & EVERY_CIRCLE == NOBODY


def test_a_lattice_that_took_the_looser_side_would_be_noticed(monkeypatch):
    """The control of this file: with `&` turned round, the laws above fail."""

    def looser(self, other):
        kinds = self.detail.keys() | other.detail.keys()
        return terms(detail={kind: max(self.allows(kind), other.allows(kind)) for kind in kinds})

    monkeypatch.setattr(Terms, "__and__", looser)
    strict, loose = terms(detail={}), terms(detail={"PLACE": Detail.EXACT})
    together = govern(floor=strict, source=loose, ground=loose, clearance=loose)
    assert not is_within(together, strict)


@pytest.mark.parametrize(
    ("tlp", "label"), [(Tlp.RED, "TLP:RED"), (Tlp.AMBER_STRICT, "TLP:AMBER+STRICT"), (Tlp.CLEAR, "TLP:CLEAR")]
)
def test_markings_are_spelt_as_tlp_spells_them(tlp, label):
    assert tlp.label == label
