"""BE.8: a plan of a Trail, in Python and on the command line; BE.5-7 of a Trail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main


def test_a_budget_is_planned_with_reasons(months: dt.Trail) -> None:
    plan = dt.plan(months, budget=60_000)
    assert isinstance(plan, dt.budget.Plan)
    assert plan.verify()
    assert plan.spent <= 60_000
    rows = {row["key"]: row for row in plan.table}
    assert rows["old"]["proposed"] == 0
    assert rows["old"]["why"].startswith("archived: nothing more")
    assert rows["new"]["why"].startswith("on trial: at most one more placement of")
    # A drop for good is about the money that was spent: the curve decides, up to today.
    assert rows["radio"]["why"].startswith("dropped for good at its present spend: no more than today")
    assert 0 <= rows["radio"]["proposed"] <= rows["radio"]["today"]
    assert all(row["why"] for key, row in rows.items() if key != "(total)")
    assert set(plan.curves) == set(rows) - {"(total)"}
    assert {row["key"] for row in plan.judged} == {*scale_names(), "expo"}
    assert [row["key"] for row in plan.unplanned] == ["expo"]
    assert plan.goal is None


def scale_names() -> tuple[str, ...]:
    return ("portal", "letters", "radio", "old", "new")


def test_an_event_is_planned_to_its_goal(months: dt.Trail) -> None:
    plan = dt.plan(months, event="next")
    assert plan.goal == 80
    assert plan.expected is not None
    assert plan.response - (plan.response_today or 0) == pytest.approx(80 - plan.expected, abs=0.01)
    with pytest.raises(dt.InvalidArgumentError, match="a budget or an event"):
        dt.plan(months)
    with pytest.raises(dt.UnknownNameError):
        dt.plan(months, event="nobody")


@pytest.mark.parametrize("by", ["channel", "creative"])
@pytest.mark.parametrize("metric", ["cost_per_attendee", "cost_per_registration", "show_rate"])
def test_evidence_of_a_trail_is_that_of_its_placements(months: dt.Trail, metric: str, by: str) -> None:
    table = dt.evidence.placements(months, metric=metric, by=by)
    share = "trials" if metric == "show_rate" else None
    for answer in (dt.evidence.judge, dt.evidence.overheat, dt.evidence.repeatability):
        of_trail = answer(months, metric=metric, by=by)
        of_table = answer(
            table, metric=metric, by=by, channel="channel", placement="placement", at="at", trials=share,
            state="state", open="open", currency="RUB",
        )  # fmt: skip
        assert of_trail.to_dicts() == of_table.to_dicts()
    cards = {row["key"]: row for row in months.cards(by="announcement")}
    for row in table:
        card = cards[row["placement"]]
        assert row["spend"] is None or row["spend"] == card["cost"]
        if metric == "cost_per_attendee":
            assert row["count"] == card["attended"] + card["walk_ins"]
    assert dt.evidence.problems(months, metric=metric, by=by)["code"]


def test_options_of_tables_and_of_trails_are_not_mixed(months: dt.Trail) -> None:
    with pytest.raises(dt.InvalidArgumentError, match="no columns to name"):
        dt.evidence.judge(months, count="came")
    with pytest.raises(dt.InvalidArgumentError, match="are of a Trail"):
        dt.evidence.judge(dt.evidence.placements(months), period="2025")
    with pytest.raises(dt.UnknownNameError, match="colour"):
        dt.evidence.judge(months, metric="colour")


def test_commands_print_what_the_library_gives(
    months: dt.Trail, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "trail.dtrail"
    file.write_bytes(months.snapshot())
    certificate = tmp_path / "certificate.json"
    asked = ["plan", str(file), "--budget", "60000", "--certificate", str(certificate), "--format", "json"]
    assert main(asked) == 0
    shown = capsys.readouterr()
    assert shown.out == dt.plan(months, budget=60_000).table.to_json()
    assert "proved: no plan brings more than" in shown.err
    assert "not planned: expo" in shown.err
    assert json.loads(certificate.read_text(encoding="utf-8"))["format"] == "dealtrail.budget.certificate/1"
    assert main(["judge", str(file), "--format", "json"]) == 0
    shown = capsys.readouterr()
    assert shown.out == dt.evidence.judge(months).to_json()
    assert "no_spend: 1" in shown.err
    assert main(["overheat", str(file), "--metric", "cost_per_registration", "--format", "json"]) == 0
    assert capsys.readouterr().out == dt.evidence.overheat(months, metric="cost_per_registration").to_json()
    assert main(["plan", str(file), "--event", "next"]) == 0
    assert "goal 80" in capsys.readouterr().err
    assert main(["plan", str(file)]) == 2
    assert main(["judge", str(file), "--metric", "colour"]) == 2
    assert "colour" in capsys.readouterr().err
