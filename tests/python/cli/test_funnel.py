"""PF.7: ``dealtrail funnel``, ``exits`` and ``priority``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


def written(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that goes well."""
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_they_are_the_tables_of_the_library(snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail, file = dt.Trail.restore(snapshot.read_bytes()), str(snapshot)
    json_of = ("--format", "json")
    assert written(capsys, "funnel", file, *json_of) == dt.funnel.funnel(trail).to_json()
    by_manager = dt.funnel.funnel(
        trail, by="manager", period="2026", order="strict", first="registered", exclude_left=True
    )
    chosen = ["--by", "manager", "--period", "2026", "--order", "strict", "--first", "registered", "--exclude-left"]
    assert written(capsys, "funnel", file, *chosen, *json_of) == by_manager.to_json()
    assert written(capsys, "exits", file, *json_of) == dt.funnel.exits(trail).to_json()
    asked = dt.funnel.exits(trail, lists=["no_offer", "overdue"], days=3)
    lists = ["--list", "no_offer", "--list", "overdue", "--days", "3"]
    assert written(capsys, "exits", file, *lists, *json_of) == asked.to_json()
    assert written(capsys, "priority", file, *json_of) == dt.funnel.priority(trail).to_json()
    rules = {"rules": [{"name": "all", "points": 1, "when": {"all": []}}]}
    (tmp_path / "rules.json").write_text(json.dumps(rules), encoding="utf-8")
    own = written(capsys, "priority", file, "--priority-rules", str(tmp_path / "rules.json"), *json_of)
    assert own == dt.funnel.priority(trail, rules=rules).to_json()
    assert len(json.loads(own)) > len(dt.funnel.priority(trail)) > 0


@pytest.mark.parametrize("command", ["funnel", "exits", "priority"])
def test_they_fit_the_width(command: str, snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for width in (40, 80, 120):
        assert max(map(len, written(capsys, command, str(snapshot), "--width", str(width)).splitlines())) <= width


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["funnel", "--by", "colour"], "nothing to group by"),
        (["funnel", "--first", "bought"], "unknown step"),
        (["exits", "--list", "gone"], "unknown list"),
        (["exits", "--event", "nothing"], "no topmost event"),
        (["priority", "--event", "nothing"], "no topmost event"),
    ],
)
def test_mistakes(arguments: list[str], message: str, snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command, *rest = arguments
    assert main([command, str(snapshot), *rest]) == 2
    assert message in capsys.readouterr().err
