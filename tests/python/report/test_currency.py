"""PF.8: amounts that were left out are said aloud at the top; a wrong currency cannot be overlooked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.html_report.figures import Figures
from dealtrail.html_report.quality import left_out
from python.report.opening import Opened

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

Open = Callable[..., Opened]


def trail_of(currencies: list[str]) -> dt.Trail:
    """A Trail in roubles with a deal won in each of the currencies."""
    trail = dt.Trail("RUB")
    trail.put("channels", [{"id": "tg", "name": "Telegram"}])
    trail.put("announcements", [{"id": "a", "channel": "tg", "published_at": "2026-01-01"}])
    won = {"announcement": "a", "outcome": "won", "created_at": "2026-02-01", "closed_at": "2026-02-02", "amount": 100}
    rows = [{"id": str(n), **won, "currency": currency} for n, currency in enumerate(currencies)]
    assert trail.put("deals", rows).left_out == 0
    return trail


def told(trail: dt.Trail, lang: dt.html_report.Lang = "en") -> dict[str, object] | None:
    return left_out(Figures(trail, lang, "marketing", None))


def test_nothing_is_said_when_nothing_is_left_out() -> None:
    assert told(trail_of(["RUB", "RUB"])) is None
    assert told(dt.Trail("RUB")) is None
    known = trail_of(["EUR", "RUB"])
    known.put("exchange_rates", [{"id": "r", "currency": "EUR", "at": "2026-01-01", "rate": "95.5"}])
    assert told(known) is None


def test_some_amounts_are_a_warning_and_all_are_an_error() -> None:
    some = told(trail_of(["RUB", "EUR", "USD"]))
    assert some is not None
    assert (some["severity"], some["lines"]) == ("warning", ["deal: 2 of 3, currency EUR, USD"])
    every = told(trail_of(["EUR", "EUR"]), "ru")
    assert every is not None
    assert (every["severity"], every["lines"]) == ("error", ["сделка: 2 из 2, валюта EUR"])
    assert "--currency EUR" in str(every["hint"])


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_banner_stands_above_everything(lang: dt.html_report.Lang, open_page: Open, tmp_path: Path) -> None:
    dt.report(trail_of(["EUR", "EUR"]), tmp_path / "euro.html", lang=lang)
    shown = open_page(tmp_path / "euro.html", viewport={"width": 390, "height": 800})
    banner = shown.page.locator("#left-out")
    assert banner.is_visible()
    assert banner.get_attribute("class") == "banner error"
    assert banner.bounding_box()["y"] < shown.page.locator("#changed").bounding_box()["y"]  # type: ignore[index]
    assert shown.page.locator("#tile-amount_won").inner_text() == "–"
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_demo_has_one_deal_in_euros_and_says_so(pages: dict[str, Path], open_page: Open) -> None:
    text = open_page(pages["ru"]).page.locator("#left-out.warning").inner_text()
    assert "сделка: 1 из" in text
    assert "EUR" in text


def test_a_goal_of_guests_where_nobody_looked_is_a_dash() -> None:
    trail = dt.Trail("RUB")
    event = {"id": "e", "name": "Expo", "starts_at": "2026-03-10", "goal_registrations": 2, "goal_attended": 40}
    trail.put("events", [event])
    trail.put("registrations", [{"id": "r", "event": "e", "at": "2026-03-01"}])
    trail.put("touches", [{"id": "t", "kind": "visit", "at": "2026-03-20"}])
    shown = {row["figure"]: row["fact"] for row in trail.goals()}
    assert shown == {"registrations": 1, "came": None}
    text = dt.html_report.page(trail, lang="en", view="marketing", as_of=None)
    assert '<td class="n" data-v="40.0">40</td><td class="n" data-v="">–</td>' in text
    assert not any(cell in text for cell in (">None<", 'data-v="None"'))
