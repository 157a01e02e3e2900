"""AT.8, M1.4, M1.6: who gets the credit, in the report: the library's figures, in a real browser, whatever the data."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dealtrail as dt
from dealtrail.html_report.attribution import ENOUGH, GOALS, LONG, MODELS, PARTS, goals
from dealtrail.html_report.figures import Figures
from dealtrail.html_report.writing import short
from python.report.opening import Opened

Open = Callable[..., Opened]
Rows = dict[str, list[str]]


@pytest.fixture
def shown(open_page: Open, pages: dict[str, Path]) -> Opened:
    return open_page(pages["en"])


def plain(text: str) -> str:
    return re.sub(r"[\u00a0,]", "", text)


def visible(shown: Opened) -> list[str]:
    return [str(one.get_attribute("data-goal")) for one in shown.page.locator("div.goal").all() if one.is_visible()]


@pytest.mark.parametrize("goal", GOALS)
def test_its_shares_are_those_of_the_library(goal: Any, shown: Opened, trail: dt.Trail) -> None:
    shown.page.select_option("#goal", goal)
    assert set(visible(shown)) == {goal}
    journeys = trail.journeys(goal)
    table = shown.table(f"credit-{goal}")
    assert table.keys() == set(journeys.channels)
    for model in MODELS:
        at = 2 + MODELS.index(model)
        for row in getattr(dt.attribution, model)(journeys, cost=trail.cards()):
            if row["channel"] not in table:
                continue
            cells = table[row["channel"]]
            mark = "≈" if row["too_few"] else ""
            bounds = "–".join(f"{round(row[end] * 100, 6):.0f}" for end in ("share_low", "share_high"))
            assert plain(cells[at]) == f"{mark}{round(row['share'] * 100, 6):.0f}% {bounds}", (model, row)
            assert plain(cells[1]) == str(row["converting"])
            assert plain(cells[0]) == f"{row['cost']:.2f}"


def test_amounts_of_each_model_add_up_to_the_total(shown: Opened, trail: dt.Trail) -> None:
    for goal in ("won", "deal_created"):
        table = shown.table(f"credit-money-{goal}")
        total = [round(float(plain(text)) * 100) for text in table.pop("(total)")]
        assert len(set(total)) == 1
        for at, model in enumerate(MODELS):
            assert sum(round(float(plain(row[at])) * 100) for row in table.values()) == total[at], model
        everything = sum(row["value"] or 0 for row in trail.journeys(goal).paths())
        assert total[0] == everything * 100
    assert shown.page.locator("#credit-money-attended").count() == 0  # nobody pays for coming here


@pytest.mark.parametrize("goal", GOALS)
def test_the_parts_are_those_of_the_library(goal: Any, shown: Opened, trail: dt.Trail) -> None:
    table = shown.table(f"roles-{goal}")
    for row in dt.attribution.assisted(trail.journeys(goal)):
        expected = [str(row[part]) for part in (*PARTS, "assisted", "closed")]
        assert [plain(text) for text in table[row["channel"]][: len(expected)]] == expected


@pytest.mark.parametrize("goal", GOALS)
def test_lengths_and_days_add_up(goal: Any, shown: Opened, trail: dt.Trail) -> None:
    journeys = trail.journeys(goal)
    lengths = [row for row in dt.attribution.path_length(journeys) if row["touches"]]
    column = "(at) => [...document.querySelectorAll(at)].map((cell) => Number(cell.dataset.v))"
    found = shown.page.evaluate(column, f"#lengths-{goal} tbody td:nth-child(3)")
    short_ones = [row["conversions"] for row in lengths if row["touches"] < LONG]
    assert found[: len(short_ones)] == short_ones
    with_touches = int(journeys.meta["conversions"]) - int(journeys.meta["conversions_without_touches"])
    assert sum(found) == with_touches
    assert sum(shown.page.evaluate(column, f"#lags-{goal} tbody td:nth-child(2)")) == with_touches


def test_the_weak_channel_that_helps_stands_out_with_its_paths(shown: Opened, trail: dt.Trail) -> None:
    """M1.6: some channel closes few, and as many who came by way of it were closed by others."""
    shown.page.select_option("#goal", "attended")
    rows = [
        one
        for one in dt.attribution.assisted(trail.journeys("attended"))
        if one["channel"] in trail.table("channels")["id"]
    ]
    row = max(
        (one for one in rows if one["assisted"] + one["closed"] >= ENOUGH),
        key=lambda one: one["assisted"] / one["closed"],
    )
    name = {one["id"]: one["name"] for one in trail.table("channels")}[row["channel"]]
    said = shown.page.locator("div.goal[data-goal='attended'] .brief").inner_text()
    assert f"{name} is weak by last touch, but it helps: it closed {row['closed']}" in said
    assert f"{row['assisted']} more" in said
    shown.page.wait_for_function(
        "(name) => document.querySelector('#chart-roles .mark-rect path')?.ariaLabel?.includes(name)", arg=name
    )
    ways = shown.page.locator("div.goal[data-goal='attended'] details.ways")
    ways.locator("summary").click()
    first = ways.locator("p").first
    assert first.get_attribute("data-key") == row["channel"]
    paths = ways.locator("ul").first.locator("li:not(.soft)").all_inner_texts()
    assert paths
    assert all(name in path and not path.split(" · ")[0].endswith(name.split()[-1]) for path in paths)


def test_filters_do_not_touch_it_and_it_says_so(shown: Opened) -> None:
    before = shown.table("credit-won")
    assert "filters do not apply" in shown.page.locator("#attribution h2 .badge").inner_text()
    shown.choose(period="2026", channel="bitrix24:11")
    assert shown.table("credit-won") == before


def test_its_charts_can_be_hovered_and_follow_the_goal(shown: Opened) -> None:
    dots = shown.page.locator("#chart-credit .mark-symbol.role-mark path")
    drawn = dots.count()
    assert drawn == len(MODELS) * 12
    dots.first.hover()
    shown.page.wait_for_selector("#vg-tooltip-element.visible")
    assert "90% interval" in shown.page.locator("#vg-tooltip-element").inner_text()
    bars = "#chart-roles .mark-rect path"
    before = shown.page.locator(bars).count()
    shown.page.select_option("#goal", "attended")
    shown.page.wait_for_function(
        "([bars, before]) => document.querySelectorAll(bars).length > before", arg=[bars, before]
    )


def test_an_empty_trail_has_nothing_to_divide(open_page: Open, tmp_path: Path) -> None:
    dt.report(dt.Trail("RUB"), tmp_path / "empty.html", lang="en")
    shown = open_page(tmp_path / "empty.html")
    assert shown.page.locator("#attribution").count() == 0  # IN.25: a section without facts is left out


def small_trail(names: list[str], *, outcome: str = "won", currency: str = "RUB") -> dt.Trail:
    """Three people, each touched by every channel in turn; each makes a deal."""
    trail = dt.Trail("RUB")
    trail.put("channels", [{"id": name, "name": name} for name in names])
    trail.put("announcements", [{"id": name, "channel": name, "published_at": "2026-01-01"} for name in names])
    touches: list[dict[str, object]] = []
    deals: list[dict[str, object]] = []
    for who in range(3):
        for day, name in enumerate(names):
            at = f"2026-02-{day + 1:02d}"
            touches.append({"id": f"{who}/{day}", "person": f"p{who}", "announcement": name, "at": at, "kind": "click"})
        deals.append(
            {"id": str(who), "person": f"p{who}", "outcome": outcome, "amount": 100, "currency": currency}
            | {"created_at": "2026-03-01", "closed_at": "2026-03-02"}
        )
    trail.put("people", [{"id": f"p{who}"} for who in range(3)])
    assert trail.put("touches", touches).left_out == 0
    assert trail.put("deals", deals).left_out == 0
    return trail


def test_without_deals_won_another_goal_is_shown(open_page: Open, tmp_path: Path) -> None:
    dt.report(small_trail(["tg", "mail"], outcome="lost"), tmp_path / "lost.html", lang="en")
    shown = open_page(tmp_path / "lost.html")
    assert shown.page.locator("#goal option").all_inner_texts() == ["Deals created"]
    assert shown.page.locator("#goal-cut").is_hidden()
    assert set(visible(shown)) == {"deal_created"}


def test_one_channel_has_it_all_and_no_chart(open_page: Open, tmp_path: Path) -> None:
    dt.report(small_trail(["tg"]), tmp_path / "one.html", lang="en")
    shown = open_page(tmp_path / "one.html")
    assert [plain(text).split("%")[0] for text in shown.table("credit-won")["tg"][2:]] == ["≈100"] * len(MODELS)
    assert shown.page.locator("#chart-credit").is_hidden()


def test_amounts_that_were_all_left_out_are_no_value(open_page: Open, tmp_path: Path) -> None:
    dt.report(small_trail(["tg", "mail"], currency="EUR"), tmp_path / "euro.html", lang="en")
    shown = open_page(tmp_path / "euro.html")
    assert shown.page.locator("#credit-money-won").count() == 0
    assert "worth" not in shown.page.locator("#roles-won thead").inner_text()
    assert "Worth" not in shown.page.locator("#paths-won thead").inner_text()
    assert shown.table("credit-won")["tg"][1] == "3"
    shown.page.locator("#chart-credit .mark-symbol.role-mark path").first.hover()
    shown.page.wait_for_selector("#vg-tooltip-element.visible")
    assert "0.00" not in shown.page.locator("#vg-tooltip-element").inner_text()


@pytest.mark.parametrize(
    "name",
    ["</script><img src=x onerror=alert(1)>", "{channel} {low} {0}", "ж" * 200, "\u202eقناة\u2066 תקשורת", "__proto__"],
    ids=["markup", "braces", "long", "rtl", "proto"],
)
def test_hostile_names_are_only_text(name: str, open_page: Open, tmp_path: Path) -> None:
    dt.report(small_trail([name, "mail"]), tmp_path / "hostile.html", lang="en")
    shown = open_page(tmp_path / "hostile.html", viewport={"width": 390, "height": 800})
    shown.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert short(name) in (shown.page.locator("div.goal[data-goal='won'] .brief").text_content() or "")
    path = shown.page.locator("#paths-won tbody th bdi").all_text_contents()
    assert path == [short(name), "mail"]
    shown.page.locator("#chart-credit .mark-symbol.role-mark path").first.hover()
    shown.page.wait_for_selector("#vg-tooltip-element.visible")
    shown.page.select_option("#goal", "deal_created")
    assert shown.page.locator("img").count() == 0
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_names_of_channels_do_not_change_what_is_counted() -> None:
    one, other = (goals(Figures(small_trail(names), "en", "marketing", None)) for names in (["a", "b"], ["x", "y"]))
    assert [row["note"] for row in one] == [row["note"] for row in other]
    assert [cell["text"] for cell in one[0]["channels"][0]["cells"]] == [
        cell["text"] for cell in other[0]["channels"][0]["cells"]
    ]
