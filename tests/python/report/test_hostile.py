"""PF.8: names come from forms that anybody fills in; in a report they are text and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.html_report.writing import short
from dealtrail.kinds import KindName
from python.report.opening import Opened

HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "</title></style></textarea><svg onload=alert(2)>",
    "\"'><script>alert(3)</script>",
    "' onmouseover='alert(4)",
    "javascript:alert(5)",
    "{{ 7 * 7 }}{% raw %}${alert(6)}",
    "<!--<script>",
    "\u202egnp.exe\u2066 مرحبا",
    "🎪🏳️‍🌈👩‍👩‍👧",
    '=HYPERLINK("http://evil.example")',
    "line\u2028break\u2029 \x00\x07\x1b[31m",
    "__proto__",
    "long " + "х" * 10_000,
)


def hostile_trail(name: str) -> dt.Trail:
    """A small story in which every text that a source may write is the hostile one."""
    trail = dt.Trail("RUB")
    words = dict.fromkeys(("id", "name"), name)
    rows: dict[KindName, list[dict[str, object]]] = {
        "channels": [words],
        "managers": [words],
        "partners": [words],
        "companies": [words],
        "people": [{**words, "company": name}],
        "events": [
            {**words, "brand": name, "series": name, "starts_at": "2026-03-20", "goal_attended": 5},
            {"id": "next", "name": name, "series": name, "starts_at": "2026-06-20", "goal_attended": 5},
        ],
        "announcements": [
            {"id": name, "channel": name, "event": name, "published_at": "2026-03-01", "creative": name, "brand": name}
        ],
        "invoices": [{"id": name, "amount": 100, "issued_at": "2026-03-01"}],
        "invoice_lines": [{"id": name, "invoice": name, "announcement": name}],
        "costs": [{"id": name, "kind": "marketing", "announcement": name, "amount": 5, "at": "2026-02-02"}],
        "registrations": [
            {"id": f"{name}{n}", "event": event, "person": f"{name}{n}", "announcement": name, "at": at}
            for n, (event, at) in enumerate([(name, "2026-03-10"), (name, "2026-03-11"), ("next", "2026-04-01")])
        ],
        "attendances": [{"id": name, "registration": f"{name}0", "at": "2026-03-20T10:00"}],
        "deals": [
            {"id": name, "person": name, "announcement": name, "manager": name, "brand": name, "stage": name}
            | {
                "outcome": "won",
                "created_at": "2026-03-21",
                "closed_at": "2026-04-21",
                "amount": 1000,
                "pipeline": name,
            },
            {"id": "lost", "person": "nobody" + name, "manager": "gone" + name, "created_at": "2026-04-22"},
        ],
        "touches": [{"id": name, "kind": "form", "person": name, "form": name, "at": "2026-04-22", "utm_source": name}],
    }
    for kind, facts in rows.items():
        report = trail.put(kind, facts)
        assert report.left_out == 0, report.problems
    return trail


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: ascii(name[:20]))
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_hostile_names_are_only_text(
    name: str, lang: dt.html_report.Lang, tmp_path: Path, open_page: Callable[..., Opened]
) -> None:
    file = tmp_path / "report.html"
    dt.report(hostile_trail(name), file, lang=lang)
    shown = open_page(file, viewport={"width": 390, "height": 800})
    row = shown.page.locator("#cards tbody tr th").first
    assert row.text_content() == short(name)
    shown.choose(channel=name, brand=name, manager=name)
    assert shown.table("cards")["(total)"][6] == "1"  # the deal
    for by in ("event", "month", "brand", "manager", "channel"):
        shown.page.select_option("#cut-by", by)
    shown.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    shown.page.click("#reset")
    shown.page.locator("#chart-prices .mark-rect path").first.hover()
    shown.page.wait_for_selector("#vg-tooltip-element.visible")
    assert shown.page.locator("img, iframe, object, embed").count() == 0
    assert shown.page.locator("script").count() == 3
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 390
