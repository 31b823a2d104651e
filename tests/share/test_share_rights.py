"""Every route is asked by everybody, and the table says what each gets. What is not yours is not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from share_cells import Cells, new_cells
from share_edge import Edge

from console.pages import PAGES
from partners.guard import every_route_is_guarded

TABLE: dict[str, dict[str, int]] = yaml.safe_load(
    (Path(__file__).parent / "routes.yaml").read_text(encoding="utf-8")
)
SPOILS_ITS_WORLD = {"partners.suspend", "members.suspend_person", "circles.leave", "circles.put_out"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cells]:
    yield new_cells(tmp_path_factory.mktemp("cells"))


@pytest.fixture(scope="module")
def edge(shared: Cells) -> Edge:
    return shared.edge


def needed(edge: Edge, endpoint: str) -> frozenset[Any]:
    return getattr(edge.app.view_functions[endpoint], "__parallax_scopes__", frozenset())


@pytest.mark.parametrize("endpoint", sorted(TABLE.keys() - SPOILS_ITS_WORLD))
def test_everybody_gets_what_the_table_says(endpoint: str, shared: Cells) -> None:
    got = {
        who: shared.ask(endpoint, who, needed(shared.edge, endpoint)).status_code for who in TABLE[endpoint]
    }
    assert got == TABLE[endpoint]


@pytest.mark.parametrize("endpoint", sorted(SPOILS_ITS_WORLD))
def test_everybody_gets_what_the_table_says_where_little_is_left_afterwards(
    endpoint: str, tmp_path: Path
) -> None:
    cells = new_cells(tmp_path)
    columns = sorted(TABLE[endpoint], key=lambda who: who == "person")  # whoever may do it comes last
    got = {who: cells.ask(endpoint, who, needed(cells.edge, endpoint)).status_code for who in columns}
    assert got == TABLE[endpoint]


def test_every_route_has_a_row_and_every_row_a_route(edge: Edge) -> None:
    pages = {blueprint.name for blueprint in PAGES} | {"static_files"}  # theirs is a table of its own
    assert {name for name in edge.app.view_functions if name.split(".")[0] not in pages} == set(TABLE)


def test_no_route_is_without_a_guard(edge: Edge) -> None:
    assert every_route_is_guarded(edge.app) == []


@pytest.mark.parametrize("endpoint", sorted(name for name, row in TABLE.items() if "absent" in row))
def test_not_yours_and_not_there_are_one_answer(endpoint: str, shared: Cells) -> None:
    rights = needed(shared.edge, endpoint)
    if endpoint in SPOILS_ITS_WORLD and endpoint.startswith("circles"):
        pytest.skip("an absent partner and a circle that is not ours differ in the table already")
    answers = [shared.ask(endpoint, who, rights) for who in ("stranger", "absent")]
    assert answers[0].data == answers[1].data
    assert dict(answers[0].headers) == dict(answers[1].headers)


@pytest.mark.parametrize("endpoint", sorted(TABLE))
def test_other_methods_are_refused_and_the_right_ones_named(endpoint: str, shared: Cells) -> None:
    path, _ = shared.request(endpoint, absent=True)
    caller = shared.caller("person", frozenset())
    rules = [rule for rule in shared.edge.app.url_map.iter_rules() if rule.endpoint == endpoint]
    for method in ("TRACE", "PUT", "PATCH", "OPTIONS"):
        answer = caller.send(method, path)
        assert answer.status_code == 405
        assert set(rules[0].methods or ()) <= {word.strip() for word in answer.headers["Allow"].split(",")}
        assert answer.json is not None and answer.json["code"] == "method_not_allowed"
