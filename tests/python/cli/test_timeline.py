"""PF.7: ``dealtrail timeline``."""

from __future__ import annotations

from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


@pytest.mark.parametrize(("option", "kind"), [("person", "people"), ("company", "companies"), ("deal", "deals")])
def test_it_is_the_timeline_of_the_library(
    option: str, kind: dt.kinds.KindName, snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trail = dt.Trail.restore(snapshot.read_bytes())
    id_ = trail.table(kind)["id"][3]
    story = trail.timeline(**{option: id_})
    assert len(story) > 0
    assert main(["timeline", str(snapshot), f"--{option}", id_, "--format", "json"]) == 0
    assert capsys.readouterr().out == story.to_json()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_it_fits_the_width(width: int, snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deal = dt.Trail.restore(snapshot.read_bytes()).table("deals")["id"][0]
    assert main(["timeline", str(snapshot), "--deal", deal, "--width", str(width)]) == 0
    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= width


def test_nobody_and_two_are_mistakes(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["timeline", str(snapshot), "--person", "nobody"]) == 2
    assert "no fact names this id" in capsys.readouterr().err
    for whose in ([], ["--person", "a", "--deal", "b"]):
        with pytest.raises(SystemExit) as stopped:
            main(["timeline", str(snapshot), *whose])
        assert stopped.value.code == 2
