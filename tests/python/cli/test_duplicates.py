"""M0.3: ``dealtrail duplicates``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


@pytest.fixture
def file(tmp_path: Path) -> Path:
    trail = dt.Trail("RUB")
    trail.put("people", [{"id": id_, "name": name} for id_, name in (("a", "Ann"), ("b", "Ann B."), ("c", "Cat"))])
    trail.put("companies", [{"id": "x", "inn": "1234567894"}, {"id": "y", "inn": "1234567894"}, {"id": "z"}])
    phones = [("a", "8 916 123-45-67"), ("b", "+79161234567"), ("c", "84951112233")]
    trail.put(
        "contact_points",
        [{"id": f"p:{person}", "person": person, "kind": "phone", "value": value} for person, value in phones],
    )
    trail.put(
        "identity_links",
        [{"id": "l", "kind": "people", "one": "b", "other": "c", "verdict": "different"}],
    )
    trail.put("contact_points", [{"id": "p:b2", "person": "b", "kind": "phone", "value": "84951112233"}])
    made = tmp_path / "t.dtrail"
    made.write_bytes(trail.snapshot())
    return made


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    assert main(["duplicates", *arguments, "--format", "json"]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_cards_that_are_one(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = rows(capsys, str(file))
    assert [(row["cluster"], row["member"], row["name"], row["size"]) for row in people] == [
        ("a", "a", "Ann", 2),
        ("a", "b", "Ann B.", 2),
    ]
    companies = rows(capsys, str(file), "--kind", "companies")
    assert [(row["member"], row["key_kind"], row["key"]) for row in companies] == [
        ("x", "inn", "1234567894"),
        ("y", "inn", "1234567894"),
    ]


def test_cards_for_people_to_look_at_and_why(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail = dt.Trail.restore(file.read_bytes())
    assert rows(capsys, str(file), "--review") == json.loads(dt.identity_review(trail).to_json())
    assert main(["duplicates", str(file), "--explain", "a", "b"]) == 0
    shown = capsys.readouterr()
    assert "they are one" in shown.err
    assert "phone" in shown.out
    assert main(["duplicates", str(file), "--explain", "b", "c"]) == 0
    assert "they are not one" in capsys.readouterr().err


@pytest.mark.parametrize(("pair", "message"), [(("a", "a"), "this is one"), (("a", "nobody"), "nobody")])
def test_mistakes(pair: tuple[str, str], message: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["duplicates", str(file), "--explain", *pair]) == 2
    assert message in capsys.readouterr().err
