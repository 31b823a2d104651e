"""Every operation of the description is called with what it allows and what it does not: no call breaks us."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

sys.path.append(str(Path(__file__).resolve().parents[1] / "share"))

from share_cells import Cells, new_cells
from share_edge import EVERY_SCOPE

ALWAYS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# What the description allows may still be refused: a report about nobody, a cursor of nobody's.
CHECKS = {GenerationMode.POSITIVE: ALWAYS, GenerationMode.NEGATIVE: [*ALWAYS, negative_data_rejection]}

ROUNDS = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cells]:
    yield new_cells(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_call_breaks_us_or_is_answered_otherwise_than_described(
    mode: GenerationMode, cells: Cells
) -> None:
    token = cells.edge.token(cells.owner, scopes=EVERY_SCOPE)
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", cells.edge.app)
    called = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @ROUNDS
        @given(case=operation.as_strategy(generation_mode=mode))
        def call(case: schemathesis.Case) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS[mode])

        try:
            call()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE  # nothing can be sent wrongly where nothing is sent
            continue
        called.append(operation.label)
    assert len(called) > 30
