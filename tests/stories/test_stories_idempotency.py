"""One key sent fifty times at once to the real service is one report."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from story_hub import Service
from test_stories_kill import TIP, everything, machine


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path)
    made.init()
    made.start()
    yield made
    made.kill()


def test_fifty_posts_of_one_key_are_one_report(service: Service) -> None:
    caller = machine(service)
    caller.get("/api/v1/reports")
    with ThreadPoolExecutor(50) as pool:
        ids = set(pool.map(lambda _: caller.post("/api/v1/reports", TIP, key="one-key")["id"], range(50)))
    assert len(ids) == 1
    assert everything(caller) == list(ids)
    other = caller.post("/api/v1/reports", TIP, key="another-key")["id"]
    assert sorted(everything(caller)) == sorted([*ids, other]), "the control: another key is another report"
