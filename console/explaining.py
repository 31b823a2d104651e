"""Codes as sentences: why something is held, withheld or refused. Every sentence is a message of the catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from console.languages import N_, Speech
from share.marked import is_by_person

HOLDS: Final[Mapping[str, str]] = {
    "acrostic": N_("The first letters of the lines or words spell a name that the form gives."),
    "body_mark": N_(
        "A tattoo, scar or other feature of a body is described. People are recognised by these."
    ),
    "emoji_name": N_("A name that the form gives seems to be written in pictures."),
    "in_the_media": N_("The text says that the media reported on this. Readers could find her there."),
    "initials": N_("Initials that could be those of somebody in the form stand in the text."),
    "mixed_script": N_("Letters of several scripts stand in one word. They may hide a name."),
    "number_in_pieces": N_("Figures that together are a number of the form are spread over the text."),
    "public_appeal": N_("The text speaks of a public appeal or search. Readers could find her there."),
    "relative_date": N_("A day is told by counting from another one, so that it can be worked out."),
    "secret_in_text": N_("A password, code or key seems to stand in the text."),
    "starred_name": N_("A name that the form gives is written with letters left out."),
    "unique_person": N_(
        "Somebody is said to be the only one, so that whoever knows the place knows who it is."
    ),
    "unread_script": N_("Part of the text is in a script that no reader here knows."),
    "language_unknown": N_(
        "The language of the text could not be told, so that nobody can say what was missed."
    ),
    "model_unavailable": N_("The language model could not be started, so that the text was not looked at."),
    "examination_timed_out": N_("Looking at the text took too long and was stopped."),
    "examiner_died": N_("The program that looks at texts ended before it was done."),
    "examination_failed": N_("Looking at the text failed."),
    "examination_incomplete": N_("The text was not looked at as a whole."),
    "working_copy_gone": N_("The working copy is gone; the text cannot be looked at any more."),
    "refused_too_long": N_("The text is longer than anything that is read here."),
    "refused_bidi_override": N_("The text holds signs that turn its direction round, which can hide words."),
    "refused_tag_characters": N_("The text holds invisible signs that can carry hidden words."),
    "refused_format_characters": N_("The text holds invisible signs that can carry hidden words."),
    "refused_forbidden_control": N_("The text holds control signs that no honest report needs."),
    "refused_unassigned": N_("The text holds signs that have no meaning, or a private one."),
    "refused_not_unicode": N_("The text holds broken signs."),
    "refused_too_many_marks": N_("The text piles up accents in a way that hides letters."),
}
ANY_HOLD: Final = N_("Something could not be shown to be safe.")

RESOLUTIONS: Final[Mapping[str, str]] = {
    "not_identifying": N_("What is in doubt is there, and tells nobody who she is."),
    "marked_by_hand": N_("It was in the text, and I have marked it."),
    "checked_in_language": N_(
        "I know this language, have read all of it, and marked whatever names somebody."
    ),
    "false_alarm": N_("What is in doubt is not there."),
}
REFUSALS: Final[Mapping[str, str]] = {
    "unsafe_to_share": N_("It cannot be told without betraying somebody."),
    "asked_by_survivor": N_("She asked that it is not told."),
    "not_about_trafficking": N_("It is not about trafficking."),
    "duplicate": N_("It has been reported already."),
    "other": N_("Another reason."),
}
DETECTORS: Final[Mapping[str, str]] = {
    "known_values": N_("the form names it"),
    "known_values.disguised": N_("the form names it, and it is written in disguise"),
    "presidio": N_("language model"),
    "names": N_("lists of names"),
    "kinship": N_("words for relatives"),
    "places": N_("lists of places"),
    "addresses": N_("patterns of addresses"),
    "contacts": N_("patterns of contacts"),
    "dates": N_("patterns of dates and ages"),
    "documents": N_("patterns of numbers and papers"),
    "digits": N_("runs of figures"),
    "opaque": N_("signs that no word explains"),
    "strict": N_("strict reading: not on the list of harmless words"),
}
VOICES: Final[Mapping[str, str]] = {
    "floor": N_("The platform’s floor: nobody may be told more than this here, whoever agrees to it."),
    "source": N_("Your organisation’s policy does not let this circle be told more."),
    "ground": N_("Her own ground: what she, or those concerned, agreed to does not reach further."),
    "clearance": N_("The circle’s clearance does not reach further."),
}
RUNGS: Final[Mapping[str, str]] = {
    "NOTHING": N_("not told"),
    "PRESENCE": N_("told only that there is one"),
    "COARSEST": N_("told very coarsely"),
    "COARSE": N_("told coarsely"),
    "FINE": N_("told nearly in full"),
    "EXACT": N_("told in full"),
}
TEXTS: Final[Mapping[str, str]] = {
    "nothing_written": N_("There is no text: nothing was written."),
    "held": N_("The text is held until the doubts about it are settled."),
    "not_examined": N_("The text was never looked at, so that nothing of it may leave."),
    "still_found": N_(
        "The text was redacted and looked at again, and something that may name somebody was still found in it. "
        "Mark what is left, and look again."
    ),
    "withheld": N_("No text may go to this circle."),
}
PROBLEMS: Final[Mapping[str, str]] = {
    "fact_names_a_protected_person": N_("A fact was left out because it names somebody who is protected."),
    "known_value_in_bulletin": N_("Everything was left out: somebody who is protected is named in it."),
}
STATES: Final[Mapping[str, str]] = {
    "received": N_("received"),
    "held": N_("held"),
    "ready": N_("ready"),
    "refused": N_("refused"),
    "published": N_("published"),
    "recalled": N_("recalled"),
}
ROLES: Final[Mapping[str, str]] = {
    "survivor": N_("survivor"),
    "relative": N_("relative"),
    "witness": N_("witness"),
    "staff": N_("staff"),
    "other": N_("somebody else"),
    "suspect": N_("suspect who is protected"),
}
DONE: Final[Mapping[str, str]] = {
    "marked": N_("Marked. It is covered here and wherever else it stands."),
    "renamed": N_("The kind is corrected, here and wherever these words stand."),
    "joined": N_("These names now belong together."),
    "taken_back": N_("Your mark is taken back."),
    "resolved": N_("Settled. Nothing was published by this."),
    "approved": N_("Approved. It is published at the next tick of the publication clock."),
    "refused": N_("Refused. Nothing will be published, and what was published is being recalled."),
    "acknowledged": N_("Written down: your organisation has taken note."),
    "gone": N_("Your organisation has confirmed that its copies are gone."),
    "ended": N_("It is taken back. What circles were told follows within moments: look at this page again."),
    "recalled": N_("Recalled. Delivery has stopped, and readers are asked to delete their copies."),
}
FAILED: Final[Mapping[str, str]] = {
    "words_differ": N_("Nothing was marked: other words stand in that place. Select them again."),
    "words_not_there": N_("Nothing was marked: these words do not stand in the text."),
    "words_missing": N_("Say which words to mark; at most 400 signs."),
    "unknown_kind": N_("Choose a kind."),
    "unknown_person": N_("Choose somebody from the report."),
    "unknown_resolution": N_("Choose how the doubt is settled."),
    "unknown_reason": N_("Choose a reason."),
    "none_chosen": N_("Choose at least one line first."),
    "changed_meanwhile": N_("The report changed meanwhile. Look at it again."),
    "stale": N_("Something changed meanwhile. Look at it again."),
    "newer_version": N_("There is a newer version of this bulletin. Read it first."),
    "nothing_changed": N_("That is so already, or follows from another mark. Nothing was changed."),
    "mark_not_there": N_("The marks changed meanwhile. Look again."),
    "not_your_mark": N_("Only a mark that you made yourself, and nothing else found, can be taken back."),
    "named_by_form": N_("The form names this. Correct the form, and the mark follows."),
    "not_a_name": N_("Only names can be said to be one person’s."),
    "not_under_review": N_("This report is not under review."),
    "nothing_examined": N_(
        "The text was never looked at, so there is nothing to mark or settle. Amend the report."
    ),
    "working_copy_gone": N_("The working copy is gone; the text cannot be looked at any more."),
    "not_found": N_("That is not there any more."),
    "preview_stale": N_("What would be told has changed since you looked. Nothing was approved. Look again."),
    "nothing_to_approve": N_("There is nothing to tell this circle, so there is nothing to approve."),
    "bulletin_recalled": N_("This bulletin was recalled for good."),
    "person_required": N_("Only a person may do this."),
    "already_done": N_("This was done already."),
    "already_refused": N_("This report is refused already."),
    "already_recalled": N_("This bulletin is recalled already."),
    "idempotency_key_reused": N_("This form was sent already. Look again."),
}
ANY_FAILURE: Final = N_("It could not be done. Nothing was changed.")
BY_YOU: Final = N_("marked by you")
BY_REVIEWER: Final = N_("marked by a reviewer")


def said(words: Mapping[str, str], code: str, speech: Speech, *, other: str = "") -> str:
    """What `code` is called in the language of the page. A code without words is said as `other`, or as it is."""
    sentence = words.get(code, other)
    return speech.gettext(sentence) if sentence else code


def said_by(detectors: frozenset[str], own: str, speech: Speech) -> tuple[str, ...]:
    """Who found something, in words; the person herself first."""
    by_people = [BY_YOU] if own in detectors else []
    by_people += [BY_REVIEWER] if any(is_by_person(each) and each != own for each in detectors) else []
    machines = sorted(each for each in detectors if not is_by_person(each))
    return (
        *(speech.gettext(each) for each in by_people),
        *(said(DETECTORS, each, speech) for each in machines),
    )
