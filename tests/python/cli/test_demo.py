"""SP.13: ``dealtrail demo``."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealtrail.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


def test_demo_prints_the_report_the_cards_a_trace_and_the_findings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--people", "60"]) == 0
    shown = capsys.readouterr()
    headings = [line for line in shown.out.splitlines() if line.startswith("=== ")]
    assert [line.split()[1] for line in headings] == ["load", "load", "cards", "trace", "findings"]
    assert max(len(line) for line in shown.out.splitlines()) <= 120
    assert "temporary folder" in shown.err


def test_demo_keeps_its_exports_where_it_is_told_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--people", "60", "--keep", str(tmp_path / "kept"), "--width", "80"]) == 0
    assert (tmp_path / "kept" / "bitrix24").is_dir()
    assert max(len(line) for line in capsys.readouterr().out.splitlines() if not line.startswith("===")) <= 80


def test_demo_refuses_too_few_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--people", "3"]) == 2
    assert "at least 50" in capsys.readouterr().err
