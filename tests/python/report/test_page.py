"""PF.8: what is in the file, before any script runs."""

from __future__ import annotations

import base64
import hashlib
import html.parser
import json
import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main
from dealtrail.html_report.attribution import goals, top_paths
from dealtrail.html_report.changed import changed
from dealtrail.html_report.definitions import definitions
from dealtrail.html_report.figures import COLUMNS, EVENT_COLUMNS, KEYS, Figures, with_came
from dealtrail.html_report.traces import traces
from python.report.months_apart import months_apart

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

LANGS = ("ru", "en")


class Reader(html.parser.HTMLParser):
    """Elements with their attributes, and the text of scripts, styles and table rows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self.rows: dict[str, list[str]] = {}
        self._open = ""
        self._table = ""
        self._row: list[str] | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        self._open = tag
        if tag in self.texts:
            self.texts[tag].append("")
        if tag == "table":
            self._table = attributes.get("id", "")
        if tag == "tr":
            self._row = self.rows.setdefault(f"{self._table}:{attributes.get('data-key', '')}", [])
        if tag == "td" and self._row is not None:
            self._row.append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, text: str) -> None:
        if self._open in self.texts:
            self.texts[self._open][-1] += text
        if self._open == "td" and self._row:
            self._row[-1] += text


@pytest.fixture(params=LANGS)
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(lang: str, pages: dict[str, Path]) -> Reader:
    return Reader(pages[lang].read_text(encoding="utf-8"))


def test_it_is_one_small_file_in_its_language(lang: str, page: Reader, pages: dict[str, Path]) -> None:
    assert pages[lang].stat().st_size < 2_000_000
    assert ("html", {"lang": lang}) in page.elements
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {"changed", "summary", "channels", "announcements", "events", "people", "quality"} <= set(ids)


def test_nothing_in_it_leads_out(page: Reader) -> None:
    leading = {"src", "href", "srcset", "action", "formaction", "data", "poster", "background", "ping", "cite"}
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            assert name not in leading or value.startswith("#"), (tag, name, value)
            assert not name.startswith("on"), (tag, name)
            assert name != "style", tag
    assert not {"link", "iframe", "object", "embed", "base", "img"} & {tag for tag, _ in page.elements}
    (style,) = page.texts["style"]
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_names_our_scripts_and_styles_and_nothing_else(page: Reader) -> None:
    (policy,) = [of["content"] for tag, of in page.elements if tag == "meta" and "http-equiv" in of]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    data, *scripts = page.texts["script"]
    assert json.loads(data)["keys"]["channel"]
    assert rules == {
        "default-src": "'none'",
        "script-src": " ".join(map(hashed, scripts)),
        "style-src": " ".join(map(hashed, page.texts["style"])),
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_its_tables_are_the_cards_of_the_library(lang: dt.html_report.Lang, page: Reader, trail: dt.Trail) -> None:
    figures = Figures(trail, lang, "marketing", None)
    apart = months_apart(trail)
    assert 0 < len(apart) < len(trail.cards(by="month")) - 1
    for table, by in (("cards", "channel"), ("months", "month")):
        for row in map(with_came, trail.cards(by=by)):
            if table == "months" and row["key"] in apart:
                row["cost_per_attendee"] = None  # cost and guests of different months
            assert page.rows[f"{table}:{row['key']}"] == [figures.cell(name, row[name]) for name in COLUMNS]
    cost = f"{trail.card('bitrix24:11')['cost']:,.2f}"
    sample = page.rows["cards:bitrix24:11"][0]
    assert sample == (cost.replace(",", "\u00a0").replace(".", ",") if lang == "ru" else cost)
    assert len(cost) > 6


def test_the_parts_in_it_are_whole_numbers_that_add_up(page: Reader, trail: dt.Trail) -> None:
    data = json.loads(page.texts["script"][0])
    total = trail.card("(total)")
    for i, name in enumerate(data["sums"]):
        found = sum(int(of[at + 1]) for of in data["parts"] for at in range(len(KEYS), len(of), 2) if of[at] == i)
        if name in total and total[name] is not None:
            minor = total[name] * 100 if data["sorts"][name] == "money" else total[name]
            assert found == minor, name


def test_the_same_trail_gives_the_same_bytes(
    lang: dt.html_report.Lang, trail: dt.Trail, pages: dict[str, Path], tmp_path: Path
) -> None:
    again = dt.Trail.restore(trail.snapshot())
    dt.report(again, tmp_path / "again.html", lang=lang)
    assert (tmp_path / "again.html").read_bytes() == pages[lang].read_bytes()


def test_the_last_full_month_is_compared_with_the_one_before(trail: dt.Trail) -> None:
    month = changed(Figures(trail, "en", "marketing", "2026-04-01"))
    assert month is not None
    assert (month["now"], month["before"]) == ("2026-03", "2026-02")
    now, before = (trail.cards(period=of, as_of="2026-04-01").to_dicts()[-1] for of in ("2026-03", "2026-02"))
    cost = next(row for row in month["figures"] if row["figure"] == "cost")
    assert cost["value"] == float(now["cost"] - before["cost"])
    assert sum(1 for row in month["facts"] if row["title"] == "Cost") == 5


def test_a_trace_adds_up_to_the_cost_and_the_guests_of_its_card(trail: dt.Trail) -> None:
    for one in traces(Figures(trail, "en", "marketing", None)):
        card = trail.card(one["key"])
        cost = sum(round(float(fact["amount"].replace(",", "").replace("\u2212", "-")) * 100) for fact in one["facts"])
        assert cost == card["cost"] * 100
        assert sum(int(row["count"].replace(",", "")) for row in one["guests"]) == card["attended"] + card["walk_ins"]


def test_the_price_of_a_trace_is_what_its_line_says(trail: dt.Trail) -> None:
    """IN.12: cost that reaches events at which nobody looked is taken off, in sight."""

    def number(text: str) -> Decimal:
        return Decimal(text.replace(",", "") or "0")

    made = [one for one in traces(Figures(trail, "en", "marketing", None)) if one["price"] != "–"]
    assert {one["key"] for one in made if one["unseen"]} >= {"bitrix24:11"}
    for one in made:
        said = (number(one["cost"]) - number(one["unseen"])) / number(one["came"])
        assert abs(said - number(one["price"])) <= Decimal("0.005"), one["key"]


@pytest.mark.parametrize("lang", LANGS)
def test_an_empty_trail_has_a_report_too(lang: dt.html_report.Lang, tmp_path: Path) -> None:
    dt.report(dt.Trail("RUB"), tmp_path / "empty.html", lang=lang)
    page = Reader((tmp_path / "empty.html").read_text(encoding="utf-8"))
    sections = [of["id"] for tag, of in page.elements if tag == "section"]
    assert sections == ["summary", "channels", "quality"]  # IN.25: those without facts are left out
    assert [of["href"] for tag, of in page.elements if tag == "a"] == ["#channels", "#quality"]


def test_the_command_writes_it(
    trail: dt.Trail, pages: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.dtrail").write_bytes(trail.snapshot())
    out = tmp_path / "out.html"
    assert main(["report", str(tmp_path / "t.dtrail"), "--out", str(out), "--lang", "en"]) == 0
    assert out.read_bytes() == pages["en"].read_bytes()
    assert capsys.readouterr().out == ""
    assert main(["report", str(tmp_path / "t.dtrail"), "--out", str(tmp_path)]) == 2
    assert "names the file to write" in capsys.readouterr().err
    assert main(["report", str(tmp_path / "t.dtrail"), "--out", str(out), "--as-of", "soon"]) == 2


def test_an_unknown_language_is_refused(trail: dt.Trail, tmp_path: Path) -> None:
    with pytest.raises(dt.InvalidArgumentError, match="no such language"):
        dt.report(trail, tmp_path / "x.html", lang="fr")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_the_funnel_in_it_is_the_funnel_of_the_library(page: Reader, trail: dt.Trail) -> None:
    for row in dt.funnel.funnel(trail, by="event"):
        if row["guests"]:
            found = page.rows[f"funnel:{row['key']}"]
            steps = ("invited", "registered", "came", "interested", "deal_guests", "won_guests")
            shown = [re.sub(r"[\u00a0,]", "", cell.split(" ")[0]) for cell in found[1:-1]]
            assert shown == ["–" if row[step] is None else str(row[step]) for step in steps]  # nobody looked who came


def test_every_word_is_said_in_both_languages() -> None:
    from dealtrail.html_report.finding_words import FINDINGS
    from dealtrail.html_report.words import FIGURES, KINDS, words

    assert words("ru").keys() == words("en").keys()
    assert all([*words("ru").values(), *words("en").values()])
    assert all(all(both) for both in [*FIGURES.values(), *KINDS.values(), *FINDINGS.values()])


def test_whom_to_call_is_counted_from_the_exits_of_the_last_event(
    page: Reader, trail: dt.Trail, pages: dict[str, Path]
) -> None:
    over = [row for row in dt.funnel.funnel(trail) if row["came"] and row["starts_at"]]
    exits = dt.funnel.exits(trail, event=max(over, key=lambda row: row["starts_at"])["key"])
    total = [
        exits["list"].count(name) for name in ("did_not_come", "no_follow_up", "no_contact", "no_offer", "overdue")
    ]
    assert [int(re.sub(r"[\u00a0,]", "", cell)) for cell in page.rows["exits:(total)"]] == total
    whole = pages["ru"].read_text(encoding="utf-8")
    assert not any(phone in whole for phone in exits["phone"] if phone)
    assert not any(name in whole for name in exits["name"] if name)


@pytest.mark.parametrize("missing", ["jinja2", "altair", "vl_convert"])
def test_a_library_that_is_missing_is_named_with_the_cure(
    missing: str, trail: dt.Trail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dealtrail.html_report.charts import drawing_code

    drawing_code.cache_clear()
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ImportError, match="pip install 'dealtrail\\[report\\]'"):
        dt.report(trail, tmp_path / "x.html")
    assert not list(tmp_path.iterdir())


def test_the_top_paths_are_those_of_the_journeys(trail: dt.Trail) -> None:
    journeys = trail.journeys("won")
    expected = [row["conversions"] for row in journeys.paths().to_dicts()[:15]]
    shown = top_paths(Figures(trail, "en", "marketing", None), journeys, True)
    assert [int(row["won"]) for row in shown] == expected
    assert (shown[0]["steps"], shown[0]["share"]) == (["no touch at all"], "–")
    assert ["Телеграм-канал отрасли ×2"] in [row["steps"] for row in shown]


def amount(text: str) -> int:
    """An amount of the page in English, in kopecks; a count as a hundred times as much."""
    return round(float(text.replace(",", "").replace("\u2212", "-")) * 100)


def test_rest_rows_add_up_to_what_is_claimed(trail: dt.Trail) -> None:
    """IN.25."""
    figures = Figures(trail, "en", "marketing", None)
    month = changed(figures)
    assert month is not None
    *rest, (_, total) = month["moved_sums"]
    assert len(rest) == 1
    for i, figure in enumerate(("cost", "came", "amount_won")):
        rows = [cells[i]["change"] for _, cells in (*month["movers"], *rest)]
        assert sum(map(amount, rows)) == amount(total[i]["change"]), figure
    for title, change in (("Cost", total[0]["change"]), ("Amount won", total[2]["change"])):
        rows = [row["change"] for row in (*month["facts"], *month["facts_rest"]) if row["title"] == title]
        assert sum(map(amount, rows)) == amount(change), title
    for one in goals(figures):
        journeys = trail.journeys(one["goal"])
        rows = [*one["paths"], one["paths_rest"]]
        assert sum(int(row["won"].replace(",", "")) for row in rows) == int(journeys.meta["conversions"])
        assert sum(int(row["journeys"].replace(",", "")) for row in rows) == int(journeys.meta["journeys"])
        if one["worth"]:
            total_value = dt.attribution.linear(journeys)["value"][-1]
            assert sum(amount(row["value"]) for row in rows) == total_value * 100
        for way in one["ways"]:
            more = int(re.sub(r"\D", "", way["rest"]) or 0)
            assert sum(path["of"] for path in way["paths"]) + more == way["assisted"]


def test_words_are_explained_where_they_stand(page: Reader, lang: dt.html_report.Lang) -> None:
    """IN.25."""
    terms = definitions(lang)
    assert {"show_rate", "came", "cac", "new_customers", "unattributed"} <= set(terms)
    titles = [attributes["title"] for _, attributes in page.elements if "title" in attributes]
    for word in ("show_rate", "came", "cac", "unattributed"):
        assert terms[word] in titles


def test_events_and_the_rest_add_up_to_the_total(page: Reader, trail: dt.Trail) -> None:
    """IN.25: what belongs to no event has a row."""
    total = page.rows["event-cards:(total)"]
    at = EVENT_COLUMNS.index("registrations") + 1  # after the day
    counts = [
        int(re.sub(r"[\u00a0,]", "", row[at]))
        for key, row in page.rows.items()
        if key.startswith("event-cards:") and len(row) > at and not key.endswith((":", "(total)"))
    ]
    assert sum(counts) == int(re.sub(r"[\u00a0,]", "", total[at])) == trail.card("(total)")["registrations"]
