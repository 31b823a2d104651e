"""The browser of the stories: Chromium as `make` finds or installs it, and a folder for its pictures."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserType, Page

SCREENS = Path(os.environ.get("PARALLAX_SCREENS") or Path(__file__).resolve().parents[2] / "build/screens")
"""Where pictures of the pages are kept for whoever wants to look at them."""

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
"""A browser that asks for nothing by itself: what it asks for is then the page's doing."""


def how_to_launch(playwright: BrowserType) -> dict[str, Any]:
    """What `launch` is told: the browser of the system, else the one that Playwright brought."""
    named = os.environ.get("PARALLAX_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    path = named or playwright.executable_path
    return {"executable_path": path, "args": [*QUIET, *([] if os.geteuid() else ["--no-sandbox"])]}


def keep_picture(page: Page, name: str) -> None:
    """A picture of the whole page, under `name`."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
