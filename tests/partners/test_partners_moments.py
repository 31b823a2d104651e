"""How long a key holds is a moment that every part of the service can tell."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from partners.schemas import KeySchema, MemberKeySchema, NewCredentialSchema

KEY = {"jwk": {}, "scopes": ["bulletins:read"]}


@pytest.mark.parametrize("schema", [KeySchema, MemberKeySchema, NewCredentialSchema])
@pytest.mark.parametrize(
    "expires", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z"]
)
def test_a_moment_at_the_end_of_the_calendar_is_out_of_range(schema: type[KeySchema], expires: str) -> None:
    with pytest.raises(ValidationError) as refused:
        schema().load({**KEY, "expires": expires})
    assert refused.value.messages_dict["expires"] == ["out_of_range"]


@pytest.mark.parametrize("expires", ["2027-01-01T00:00:00+00:00", "9998-12-31T23:59:59-23:59"])
def test_any_other_moment_is_taken_as_it_is_said(expires: str) -> None:
    assert KeySchema().load({**KEY, "expires": expires})["expires"].isoformat() == expires
