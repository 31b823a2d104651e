"""The pages of the form, as tables: which fields stand on each, in which groups, and what kind each field is.

A field is named as in the report's JSON, so that a refusal finds its way back to it. What fields are called and
how they are explained stands in templates/post/labels.html.
"""

from __future__ import annotations

from typing import Final

from console.forms_kinds import (
    ACCOUNT,
    ANSWER,
    CAPITALS,
    CIRCLES,
    CONCERNS,
    COUNTRY,
    COUNTRY_SEVERAL,
    DAY,
    KIN,
    LANGUAGE,
    LINES,
    NUMBER,
    TICK,
    TONGUE,
    WORDS,
    Field,
    Group,
    Sheet,
    choice,
    ticks,
)

WHAT: Final = Sheet(
    "what",
    (
        Group(
            "pattern",
            (
                Field("vic_TypeOfExploitation", ticks("exploitation_types")),
                Field("vic_ForcedLabourIndustry", ticks("industries"), folded=True),
                Field("vic_TypeOfSexExploitation", ticks("sexual_exploitation_types"), folded=True),
                Field("people", NUMBER),
                Field("vic_MethodOfRecruitment", ticks("recruitment_methods")),
                Field("vic_RecruitmentWebsitesAndApps", ticks("channels"), folded=True),
                Field("vic_MethodsOfControl", ticks("control_methods")),
                Field("vic_ExploitationWebsitesAndApps", ticks("channels"), folded=True),
                Field("concerns", CONCERNS),
            ),
            many="patterns",
            spare=0,
        ),
    ),
)

PERSON: Final = Sheet(
    "person",
    (
        Group("role", (Field("role", choice("roles"), needed=True),)),
        Group(
            "names",
            tuple(
                Field(f"fields.{name}", WORDS)
                for name in ("prs_FirstName", "prs_MiddleName", "prs_SecondName")
            ),
        ),
        Group(
            "identifiers",
            (Field("kind", choice("identifiers")), Field("value", WORDS)),
            many="identifiers",
            spare=2,
        ),
        Group(
            "reach",
            tuple(
                Field(f"fields.{name}", WORDS)
                for name in ("prs_MobilePhone", "prs_HomePhone", "prs_Email", "prs_IdentityNumber")
            ),
            folded=True,
        ),
        Group(
            "home",
            (
                Field("fields.prs_MailingStreet", WORDS),
                Field("fields.prs_MailingPostalCode", WORDS),
                Field("fields.prs_MailingCity", WORDS),
                Field("fields.prs_MailingState", WORDS),
                Field("fields.prs_MailingCountry", COUNTRY),
                Field("fields.prs_MailingLatitude", WORDS),
                Field("fields.prs_MailingLongitude", WORDS),
            ),
            folded=True,
        ),
        Group("age", (Field("fields.prs_Birthdate", DAY), Field("fields.vic_AgeWhenTrafficked", WORDS))),
        Group(
            "about",
            (
                Field("fields.prs_Gender", choice("genders")),
                Field("fields.prs_Citizenship", COUNTRY_SEVERAL),
                Field("fields.prs_PrimaryLanguage", LANGUAGE),
                Field("fields.prs_SecondaryLanguage", LANGUAGE),
                Field("fields.prs_HighestLevelOfEducation", choice("education_levels")),
                Field("fields.prs_MaritalStatus", choice("marital_statuses")),
                Field("fields.prs_NumberOfChildren", WORDS),
                Field("fields.prs_Salutation", WORDS),
                Field("fields.prs_Title", WORDS),
            ),
        ),
        Group(
            "status",
            (
                Field("fields.vic_TraffickingStatus", choice("trafficking_statuses")),
                Field("fields.vic_TraffickingStatusDecisionMakingOrg", choice("deciding_bodies")),
                Field("fields.vic_RelationshipToTrafficker", choice("relationships")),
            ),
        ),
    ),
)

GROUND: Final = Sheet(
    "ground",
    (
        Group(
            "basis",
            (
                Field("basis", choice("bases"), needed=True),
                Field("given_by", choice("given_by"), needed=True),
                Field("guardian_is_suspect_or_kin", TICK),
            ),
        ),
        Group("purposes", (Field("purposes", ticks("purposes"), needed=True),)),
        Group("time", (Field("given_on", DAY, needed=True), Field("until", DAY))),
        Group("explained", (Field("explained", ticks("explained")), Field("language", TONGUE))),
        Group("withheld", (Field("withheld_from", ticks(CIRCLES)), Field("withheld_also", LINES))),
        Group(
            "limits",
            (Field("kind", choice("kinds")), Field("rung", choice("rungs"))),
            many="limits",
            folded=True,
        ),
    ),
)

NOBODY: Final = Sheet("nobody", (Group("nobody", (Field("stated", TICK), Field("given_on", DAY))),))

ROUTE: Final = Sheet(
    "route",
    (
        Group(
            "leg",
            (
                Field("hte_Type", choice("event_types"), needed=True),
                Field("hte_Date", WORDS),
                Field("hte_Country", COUNTRY),
                Field("hte_State", WORDS),
                Field("hte_City", WORDS),
                Field("concerns", CONCERNS),
            ),
            many="events",
        ),
    ),
)

OFFER: Final = Sheet(
    "offer",
    (
        Group(
            "offer",
            (
                Field("job", choice("jobs")),
                Field("country", COUNTRY),
                Field("channels", ticks("channels"), folded=True),
                Field("wage.amount", NUMBER),
                Field("wage.currency", CAPITALS),
                Field("wage.per", choice("periods")),
                Field("debt.amount", NUMBER),
                Field("debt.currency", CAPITALS),
                Field("concerns", CONCERNS),
            ),
            many="offers",
        ),
    ),
)

SUSPECT: Final = Sheet(
    "suspect",
    (
        Group("names", (Field("names", LINES), Field("per_RoleInProcess", ticks("suspect_roles")))),
        Group("contacts", tuple(Field(name, LINES) for name in ("phones", "emails", "handles", "accounts"))),
        Group(
            "protected",
            (Field("is_victim", ANSWER), Field("is_minor", ANSWER), Field("kin_of", ticks(KIN))),
        ),
        Group("time", (Field("until", DAY),)),
        Group("concerns", (Field("concerns", CONCERNS),)),
    ),
)

LEADS: Final = Sheet(
    "leads",
    (
        Group(
            "lead",
            (
                Field("kind", choice("leads"), needed=True),
                Field("value", WORDS, needed=True),
                Field("country", COUNTRY),
                Field("concerns", CONCERNS),
            ),
            many="leads",
        ),
    ),
)

NARRATIVE: Final = Sheet(
    "narrative", (Group("narrative", (Field("language", TONGUE), Field("narrative", ACCOUNT))),)
)

SOURCE: Final = Sheet(
    "source",
    (
        Group(
            "grades",
            (Field("reliability", choice("reliability")), Field("credibility", choice("credibility"))),
        ),
        Group("own", (Field("reference", WORDS), Field("urgent", TICK))),
    ),
)
