"""A text that takes long to read keeps nobody waiting: reports are answered while it is being read."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from builders import make_draft, make_world, once
from sqlalchemy import Engine

from config.keystore import KeyStore
from redaction.findings import Known, Unsafe
from share.intake import submit
from share.models import Report, ReportState
from share.worker import start


def test_reports_are_answered_while_one_text_is_still_being_read(
    engine: Engine, keystore: KeyStore, clock: Any
) -> None:
    reading, go_on = threading.Event(), threading.Event()

    def slow(text: str, *, known: Sequence[Known], lang: str | None) -> Any:
        reading.set()
        go_on.wait(60)
        raise Unsafe("examination_timed_out")

    world = make_world(engine, keystore, clock)
    world.desk = replace(world.desk, examine=slow)
    shelter = world.partner("shelter")
    first = submit(make_draft(), by=shelter, once=once(shelter), desk=world.desk)
    worker, stop = start(world.desk)
    try:
        assert reading.wait(30)
        with ThreadPoolExecutor(5) as pool:
            asked = [
                pool.submit(submit, make_draft(), by=shelter, once=once(shelter), desk=world.desk)
                for _ in range(20)
            ]
            answers = [each.result(timeout=30)["id"] for each in asked]
        assert len({*answers, first["id"]}) == 21
        with world.desk.readers() as session:
            states = {report.state for report in session.query(Report)}
        assert states == {ReportState.RECEIVED}, "the first text is still being read"
    finally:
        go_on.set()
        stop.set()
        worker.join(30)
