"""The demo as a Trail and its reports, once; a real browser without a network."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

import dealtrail as dt
from dealtrail.demo import write_export
from python.report.opening import Opened, opened

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def trail(tmp_path_factory: pytest.TempPathFactory) -> dt.Trail:
    folder = tmp_path_factory.mktemp("report-export")
    write_export(folder, seed=1, people=3000)
    trail = dt.Trail("RUB", "Europe/Moscow")
    trail.load(folder / "bitrix24", folder / "profile.json")
    trail.load(folder / "calltracking", folder / "calltracking.json")
    trail.set_rules((folder / "rules.json").read_text(encoding="utf-8"))
    return trail


@pytest.fixture(scope="session")
def pages(trail: dt.Trail, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("report")
    for lang in ("ru", "en"):
        dt.report(trail, folder / f"{lang}.html", lang=lang)
    return {lang: folder / f"{lang}.html" for lang in ("ru", "en")}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert program is not None, f"the report is tested in a real browser: install one of {', '.join(BROWSERS)}"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Opened]]:
    """Opens a file, and finds in the end that it asked for nothing, broke no policy and said nothing."""
    pages: list[Opened] = []

    def open_file(file: Path, **options: object) -> Opened:
        pages.append(opened(browser, file, **options))
        return pages[-1]

    yield open_file
    for one in pages:
        assert one.trouble() == []
        one.page.context.close()
