"""An export of KoboToolbox at a browser: looked over, mended, brought in, and never twice."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from story_browser import keep_picture

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "console"), str(TESTS / "share")]

from console_builders import Served, served  # noqa: E402
from share_kobo import as_csv, submission, table  # noqa: E402
from sqlalchemy import func, select  # noqa: E402

from share.models import Report  # noqa: E402


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Served]:
    folder = tmp_path / "site"
    folder.mkdir()
    with served(folder) as running:
        yield running


@pytest.fixture
def page(chromium: Browser, site: Served) -> Iterator[Page]:
    context = chromium.new_context()
    context.add_cookies([site.cookie("caseworker")])  # type: ignore[list-item]
    yield context.new_page()
    context.close()


def reports(site: Served) -> int:
    with site.pages.desk.readers() as session:
        return session.scalar(select(func.count()).select_from(Report)) or 0


def export(folder: Path, name: str, *genders: str) -> Path:
    """What a project of the HTCDS form gives for these submissions."""
    rows = [submission(number, prs_Gender=gender) for number, gender in enumerate(genders, 1)]
    path = folder / name
    path.write_bytes(as_csv(table(rows)))
    return path


def upload(page: Page, site: Served, file: Path) -> None:
    page.goto(f"{site.url}/import")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look it over").click()


def test_an_export_is_mended_brought_in_and_not_brought_in_again(
    page: Page, site: Served, tmp_path: Path
) -> None:
    upload(page, site, export(tmp_path, "typed-over.csv", "Feminine", "Femine"))
    expect(page.get_by_role("alert")).to_contain_text("There is 1 mistake. Nothing was brought in")
    expect(page.get_by_text("Nearest code: Feminine")).to_be_visible()
    keep_picture(page, "import-mistake")
    assert reports(site) == 0

    whole = export(tmp_path, "whole.csv", "Feminine", "Feminine")
    upload(page, site, whole)
    keep_picture(page, "import-looked-over")
    page.get_by_role("button", name="Bring in 2 reports").click()
    expect(page.get_by_role("heading", name="Brought in")).to_be_visible()
    keep_picture(page, "import-brought-in")
    assert reports(site) == 2

    upload(page, site, whole)
    expect(page.get_by_text("There is nothing new in this file.")).to_be_visible()
    assert reports(site) == 2

    page.goto(f"{site.url}/reports")
    expect(page.locator("main a[href^='/reports/']")).to_have_count(2)
