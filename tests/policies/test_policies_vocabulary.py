"""The closed lists: complete, documented, said in five languages, and forgiving about spelling alone."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from itertools import pairwise

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from policies.picklists import read_data
from policies.terms import Detail
from policies.vocabulary import LANGUAGES, VOCABULARY, Picklist, UnknownWord, VocabularyError, label

GROUPS = {"identifier", "person", "event", "offer", "trafficker", "source", "text"}
NAMED_BY_CLDR = {"countries", "languages"}
FORMS = {"text", "code", "codes", "number", "date", "phone", "email"}


@pytest.mark.parametrize("kind", VOCABULARY.kinds.values(), ids=VOCABULARY.kinds.keys())
def test_every_kind_is_explained(kind):
    assert kind.group in GROUPS
    assert kind.label
    assert kind.meaning.endswith(".")
    assert kind.example
    assert kind.token.startswith("[")
    assert kind.token.endswith("]")
    assert list(kind.rungs) == list(Detail)
    assert all(kind.rungs.values())
    assert kind.name in read_data("../floor.yaml")["detail"]


def test_tokens_tell_kinds_found_in_text_apart():
    tokens = [kind.token for kind in VOCABULARY.kinds.values() if kind.group == "identifier"]
    assert len(tokens) == len(set(tokens))


def test_the_first_two_rungs_never_say_what_the_value_is():
    for kind in VOCABULARY.kinds.values():
        assert kind.rungs[Detail.NOTHING].startswith("nothing")
        assert kind.rungs[Detail.PRESENCE].startswith("that ")


def test_kinds_with_codes_name_their_list():
    named = {kind.name: kind.picklist for kind in VOCABULARY.kinds.values() if kind.picklist}
    assert set(named.values()) <= VOCABULARY.picklists.keys()
    assert named["CONTROL"] == "control_methods"


@pytest.mark.parametrize("field", VOCABULARY.fields.values(), ids=VOCABULARY.fields.keys())
def test_every_field_has_a_kind_and_a_form(field):
    assert field.kind in VOCABULARY.kinds
    assert field.form in FORMS
    assert (field.picklist in VOCABULARY.picklists) == (field.form in {"code", "codes"})
    assert field.many == (field.form == "codes")
    assert field.free == (field.form == "text")


def test_all_fields_of_the_standard_are_there():
    prefixes = {name.partition("_")[0] for name in VOCABULARY.fields}
    assert len(VOCABULARY.fields) == 84
    assert prefixes == {"org", "prs", "vic", "per", "cas", "cco", "hte", "spl", "con"}


def test_casework_stays_with_the_partner():
    kept = [
        field
        for field in VOCABULARY.fields.values()
        if field.name.startswith(("cas_", "cco_", "spl_", "con_"))
    ]
    assert kept
    assert all(field.kind == "CASEWORK" for field in kept)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("prs_First_Name", "prs_FirstName"),
        ("prs_Second_Name", "prs_SecondName"),
        ("vic_Methods_of_Control", "vic_MethodsOfControl"),
        ("vic_methods_of_control", "vic_MethodsOfControl"),
        ("vic_MethodsOfControl", "vic_MethodsOfControl"),
    ],
)
def test_fields_are_known_under_the_names_of_the_form_too(written, name):
    assert VOCABULARY.field(written).name == name


def test_a_field_that_is_not_known_is_not_repeated():
    with pytest.raises(UnknownWord) as refusal:
        VOCABULARY.field("prs_Qzx")
    assert "Qzx" not in str(refusal.value)


IN_BOTH = {
    "DebtBondage",
    "TakesEarnings",
    "RestrictsFinancialAccess",
    "RestrictsMedicalCare",
    "PsychologicalAbuse",
    "PhysicalAbuse",
    "SexualAbuse",
    "FalsePromises",
    "ExcessiveWorkingHours",
    "WithholdsNecessities",
    "WithholdsDocuments",
    "Other",
}
OF_THE_SPREADSHEET = {
    "PhysicalThreats",
    "ThreatsLawEnforcement",
    "ThreatensChildrenFamily",
    "PsychoactiveSubstance",
}
OF_THE_DEFINITIONS = {
    "Threats",
    "PsychoactiveSubstances",
    "RestrictsMovement",
    "UsesChildren",
    "ThreatOfLawEnforcement",
}


@pytest.mark.parametrize("code", sorted(IN_BOTH | OF_THE_SPREADSHEET))
def test_the_spelling_of_the_spreadsheet_is_ours(code):
    assert VOCABULARY.picklists["control_methods"].canonical(code) == code


@pytest.mark.parametrize("code", sorted(IN_BOTH | OF_THE_DEFINITIONS))
def test_the_spelling_of_the_definitions_is_accepted_with_and_without_its_prefix(code):
    controls = VOCABULARY.picklists["control_methods"]
    assert controls.canonical("MethodsOfControl" + code) == controls.canonical(code)


@pytest.mark.parametrize(
    ("picklist", "written", "code"),
    [
        ("relationships", "Unaquainted", "Unaquainted"),
        ("relationships", "Unacquainted", "Unaquainted"),
        ("relationships", "Acquainted", "Acquainted"),
        ("control_methods", "PhysicalThreats", "PhysicalThreats"),
        ("control_methods", "Threats", "Threats"),
        ("control_methods", "MethodsOfControlThreats", "Threats"),
        ("control_methods", "ThreatOfLawEnforcement", "ThreatsLawEnforcement"),
        ("control_methods", "Threats of law enforcement", "ThreatsLawEnforcement"),
        ("control_methods", "psychoactive_substances", "PsychoactiveSubstance"),
        ("exploitation_types", "forced_labour", "ForcedLabour"),
        ("exploitation_types", "ForcedLabor", "ForcedLabour"),
        ("exploitation_types", "Forced military (by non-state actors)", "ForcedMilitaryByNonStateActors"),
        ("genders", "Not Specified/Unknown", "NonSpecifiedUnknown"),
        ("industries", "F", "F_Construction"),
        ("industries", "f_construction", "F_Construction"),
        ("recruitment_methods", "through_an_online_advertisement", "ThroughAnOnlineAdvertisement"),
        ("age_bands", "18--20", "18-20"),
        ("age_bands", "18+", "18+"),
        ("countries", "ROU", "RO"),
        ("countries", "ro", "RO"),
        ("countries", "NO", "NO"),
        ("languages", "fr", "fra"),
        ("languages", "rum", "ron"),
        ("answers", "TRUE", "yes"),
        ("organisation_types", "LabourInspectorate", "LabourInspectorate"),
    ],
)
def test_other_spellings_in_use_mean_the_same_code(picklist, written, code):
    assert VOCABULARY.picklists[picklist].canonical(written) == code


def test_threats_are_not_taken_for_physical_ones():
    controls = VOCABULARY.picklists["control_methods"]
    assert controls.canonical("Threats") != controls.canonical("PhysicalThreats")
    assert controls.group("Threats") == controls.group("PhysicalThreats") == "AnyThreats"


@pytest.mark.parametrize("picklist", VOCABULARY.picklists.values(), ids=VOCABULARY.picklists.keys())
def test_every_code_is_its_own_canonical_spelling(picklist):
    assert all(picklist.canonical(code) == code for code in picklist)
    assert len(set(picklist.codes)) == len(picklist)
    assert all(code in picklist for code in picklist)


@given(st.sampled_from(sorted(VOCABULARY.picklists)), st.text(max_size=40).map(lambda text: f"qzx{text}"))
def test_an_unknown_word_is_refused_and_not_repeated(name, word):
    with pytest.raises(UnknownWord) as refusal:
        VOCABULARY.picklists[name].canonical(word)
    assert "qzx" not in str(refusal.value) + repr(refusal.value)
    assert refusal.value.field == name


@pytest.mark.parametrize("word", ["", " ", "-", "x" * 10_000, None, 7, ["Other"]])
def test_what_is_no_word_is_no_code(word):
    with pytest.raises(UnknownWord):
        VOCABULARY.picklists["channels"].canonical(word)


def test_a_list_with_one_spelling_for_two_codes_does_not_load():
    with pytest.raises(VocabularyError):
        Picklist("example", ("One", "Two"), also={"o_n_e": "Two"})
    with pytest.raises(VocabularyError):
        Picklist("example", ("One",), also={"Uno": "Eins"})
    with pytest.raises(VocabularyError):
        Picklist("example", ("One",), broader={"Two": "Few"})


@pytest.mark.parametrize("picklist", VOCABULARY.picklists.values(), ids=VOCABULARY.picklists.keys())
def test_a_group_is_never_finer_than_its_codes(picklist):
    for code in picklist:
        seen = [code]
        while (wider := picklist.group(seen[-1])) != seen[-1]:
            assert wider not in seen
            seen.append(wider)


def test_nobody_is_singled_out_by_the_group_of_a_gender():
    genders = VOCABULARY.picklists["genders"]
    assert {genders.group(code) for code in genders} == {"Feminine", "Masculine", "NonSpecifiedUnknown"}


def test_the_indicators_are_those_of_the_published_list():
    dimensions = [indicator.dimension for indicator in VOCABULARY.indicators.values()]
    counts = {dimension: dimensions.count(dimension) for dimension in dimensions}
    assert list(counts.values()) == [10, 10, 16, 9, 15, 7]
    assert {indicator.strength for indicator in VOCABULARY.indicators.values()} == {
        "strong",
        "medium",
        "weak",
    }
    assert VOCABULARY.picklists["indicators"].group("ConfiscationOfDocuments") == "CoercionAtDestination"


def test_every_country_lies_in_one_subregion():
    assert len(VOCABULARY.regions) == 250
    assert (VOCABULARY.regions["RO"].label, VOCABULARY.regions["RO"].world_label) == (
        "Eastern Europe",
        "Europe",
    )
    assert VOCABULARY.regions["NO"].code == "154"
    assert set(VOCABULARY.picklists["countries"]) == VOCABULARY.regions.keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_library_names_every_country_and_region_in_every_language(lang):
    named = Locale(lang).territories
    for region in VOCABULARY.regions.values():
        assert named[region.country]
        assert named[region.code]
        assert named[region.world_code]


def codes_to_be_said() -> set[str]:
    """Every code that may be printed: kinds, picklists with their groups, purposes, bases and fences."""
    lists = [one for name, one in VOCABULARY.picklists.items() if name not in NAMED_BY_CLDR]
    codes = {code for one in lists for code in (*one.codes, *one.broader.values())}
    return (
        codes
        | VOCABULARY.kinds.keys()
        | VOCABULARY.purposes.keys()
        | VOCABULARY.bases.keys()
        | VOCABULARY.fences.keys()
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_label_is_missing_in_any_language(lang):
    assert codes_to_be_said() - VOCABULARY.labels[lang].keys() == set()
    assert VOCABULARY.labels[lang].keys() == VOCABULARY.labels["en"].keys()
    assert all(said.strip() == said and said for said in VOCABULARY.labels[lang].values())


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_labels_are_translated_and_not_copied(lang):
    brands = set(VOCABULARY.picklists["channels"]) - {"Other"}
    said = {code: text for code, text in VOCABULARY.labels[lang].items() if code not in brands}
    copied = [code for code, text in said.items() if text == VOCABULARY.labels["en"][code]]
    assert len(copied) < len(said) * 0.08, copied


@pytest.mark.parametrize("section", read_data("labels/en.yaml").keys())
def test_labels_of_one_list_are_told_apart(section):
    for lang in LANGUAGES:
        said = list(read_data(f"labels/{lang}.yaml")[section].values())
        assert len(set(said)) == len(said), lang


def test_no_code_is_called_two_things():
    for lang in LANGUAGES:
        codes = [code for section in read_data(f"labels/{lang}.yaml").values() for code in section]
        assert len(set(codes)) == len(codes)


def test_a_missing_translation_falls_back_to_english():
    without = replace(VOCABULARY, labels={**VOCABULARY.labels, "ro": {}})
    assert without.label("F_Construction", "ro") == "construction"
    assert label("F_Construction", "ro") == "construcții"
    assert label("F_Construction", "de") == "construction"


def test_an_unknown_code_has_no_label():
    with pytest.raises(UnknownWord) as refusal:
        label("Qzx", "en")
    assert "Qzx" not in str(refusal.value)


def test_the_vocabulary_cannot_grow_at_run_time():
    with pytest.raises(TypeError):
        VOCABULARY.kinds["NEW"] = VOCABULARY.kinds["PLACE"]  # type: ignore[index]
    with pytest.raises(TypeError):
        VOCABULARY.picklists["channels"].also["New"] = "Other"  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        VOCABULARY.version = "0"  # type: ignore[misc]


def test_purposes_and_bases_are_explained():
    for words in (VOCABULARY.purposes, VOCABULARY.bases, VOCABULARY.fences):
        assert all(word.label and word.meaning.endswith(".") for word in words.values())
    assert list(VOCABULARY.reliability) == list("abcdefg")
    assert list(VOCABULARY.credibility) == list("123456")
    assert "NGO" in VOCABULARY.organisation_types
    assert "ngo" not in VOCABULARY.organisation_types


def test_rungs_repeat_only_what_stands_before_them():
    for kind in VOCABULARY.kinds.values():
        said = [kind.rungs[rung] for rung in Detail]
        assert said[1] != "as before"
        assert len([1 for a, b in pairwise(said) if a == b and a != "as before"]) == 0
