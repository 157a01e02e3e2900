"""PF.5: ``dealtrail links`` makes links, writes pictures, keeps keys."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


@pytest.fixture
def file(tmp_path: Path) -> Path:
    trail = dt.Trail("RUB", "Europe/Moscow")
    trail.put("channels", [{"id": "tg", "name": "Telegram"}])
    trail.put("events", [{"id": "expo", "name": "Expo"}])
    rows = [{"id": "post", "promo_code": "SPRING"}, {"id": "=banner\x1b"}]
    trail.put("announcements", [{"channel": "tg", "event": "expo", **row} for row in rows])
    made = tmp_path / "t.dtrail"
    made.write_bytes(trail.snapshot())
    return made


def test_links_pictures_and_keys(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, keys = tmp_path / "pictures", tmp_path / "keys.csv"
    where = ["--base-url", "https://expo.example/", "--out", str(folder), "--keys", str(keys), "--into", str(file)]
    assert main(["links", "expo", str(file), *where, "--pictures", "svg", "--format", "csv"]) == 0
    shown = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    assert [row["announcement"].strip("'") for row in rows] == ["=banner\x1b", "post"]
    assert len(list(folder.glob("*.svg"))) == len(list(folder.iterdir())) == 2
    assert "1 announcements could not be measured before: =banner " in shown.err
    assert "\x1b" not in shown.err
    trail = dt.Trail.restore(file.read_bytes())
    assert trail.size("source_keys") == 4
    written = list(csv.DictReader(io.StringIO(keys.read_text(encoding="utf-8"))))
    assert [{name: row[name] for name in written[0]} for row in trail.table("source_keys").to_dicts()] == sorted(
        written, key=lambda row: row["id"]
    )
    assert main(["links", "expo", str(file), "--base-url", "https://expo.example/", "--format", "json"]) == 0
    assert "nothing is kept" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nobody", "{file}", "--base-url", "https://expo.example/"], "event of that id or name"),
        (["expo", "{file}", "--base-url", "expo.example"], "base_url is no link"),
        (["expo", "{file}", "--base-url", "https://expo.example/", "--pictures", "gif"], "--pictures is svg"),
    ],
)
def test_mistakes(arguments: list[str], message: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    assert main(["links", *(word.format(file=file) for word in arguments)]) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.out == ""
    assert file.read_bytes() == before
