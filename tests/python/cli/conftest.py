"""The demo's exports and their snapshot, once for all tests of commands."""

from __future__ import annotations

from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.demo import write_export


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    write_export(folder, seed=5, people=120)
    return folder


@pytest.fixture(scope="session")
def snapshot(export: Path) -> Path:
    file = export / "trail.dtrail"
    trail = dt.Trail("RUB", "Europe/Moscow")
    trail.load(export / "bitrix24", export / "profile.json")
    trail.load(export / "calltracking", export / "calltracking.json")
    trail.set_rules((export / "rules.json").read_text(encoding="utf-8"))
    file.write_bytes(trail.snapshot())
    return file


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are as wide as where no terminal is known: workers of pytest-xdist say COLUMNS."""
    monkeypatch.delenv("COLUMNS", raising=False)
