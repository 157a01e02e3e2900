"""The demo's truth against the slow model of the Trail: three independent hands must give the same cards (SP.12).

The pages are read by the plain reader of profiles, the cards are recomputed by the oracle, and the truth was counted
while the facts were made up. The library's own import is compared in ``test_import.py``.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields
from pathlib import Path

import pytest

from dealtrail.demo import CardTruth, DemoTruth, profile_text, write_export
from oracle import OracleTrail
from oracle.door import moment_of
from python.bitrix24.plain_reader import extended, read_file

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

METRICS = [field.name for field in fields(CardTruth) if not field.name.endswith("_marketing")]
COUNTED_BY_EVENT = ["registrations", "attended", "walk_ins", "new_faces"]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[OracleTrail, DemoTruth]:
    folder = tmp_path_factory.mktemp("export")
    truth = write_export(folder, seed=11, people=250)
    trail = OracleTrail(zone="Europe/Moscow")
    profile = extended(json.loads(profile_text("profile.json")))
    left_out = 0
    for path in sorted((folder / "bitrix24").iterdir()):
        answer = read_file(profile, path)
        assert answer.records == truth.records[f"bitrix24/{path.name}"]
        for kind, rows in answer.rows.items():
            assert trail.put(kind, rows) == []
        for kind, rows in answer.stubs.items():
            trail.put(kind, rows, stub=True)
        left_out += answer.left_out
    assert left_out == 2, "the registration without an id, and the touch beside it"
    _put_calls(trail, folder / "calltracking")
    return trail, truth


def _put_calls(trail: OracleTrail, folder: Path) -> None:
    for name, encoding in (("calls_2025.csv", "cp1251"), ("calls_2026.csv", "utf-8-sig")):
        text = (folder / name).read_bytes().decode(encoding)
        for row in list(csv.reader(io.StringIO(text), delimiter=";"))[1:]:
            day, month, year, clock = row[1][:2], row[1][3:5], row[1][6:10], row[1][11:]
            touch = {
                "id": f"calltracking:call:{row[0]}",
                "at": f"{year}-{month}-{day}T{clock}+03:00",
                "kind": "call",
                "phone": row[2],
                "dialled_number": row[3],
                "seconds": int(row[4]),
                "client_id": row[9] or None,
            }
            assert trail.put("touches", [touch]) == []
    for row in csv.DictReader(io.StringIO((folder / "visits.csv").read_text("utf-8-sig")), delimiter=";"):
        visit = {"id": f"calltracking:visit:{row['Визит']}", "at": "2026-01-01T00:00:00+03:00", "kind": "visit"}
        assert trail.put("touches", [visit]) == []
    venues = list(csv.DictReader(io.StringIO((folder / "venues.csv").read_text("utf-8-sig")), delimiter=";"))
    for row in venues:
        report = {"id": f"calltracking:venue:{row['Размещение']}", "at": "2026-01-01T00:00:00+03:00"}
        assert trail.put("placement_reports", [report]) == []


def test_facts_by_kind(loaded: tuple[OracleTrail, DemoTruth]) -> None:
    trail, truth = loaded
    state = trail.state()
    assert {kind: len(state.all(kind)) for kind in truth.facts} == truth.facts
    now = trail.now()
    assert now is not None
    assert moment_of(now).timestamp() == 1793466000, "2026-10-31 20:00 in Moscow, and not the mistyped year 2206"


@pytest.mark.parametrize("by", ["channel", "announcement", "event"])
def test_cards(loaded: tuple[OracleTrail, DemoTruth], by: str) -> None:
    trail, truth = loaded
    trail.rules = []
    rows = {row["key"]: row for row in trail.cards(by)}
    table = {"channel": truth.channels, "announcement": truth.announcements, "event": truth.events}[by]
    for key, card in table.items():
        for metric in COUNTED_BY_EVENT if by == "event" else METRICS:
            if metric in rows[key]:
                assert (rows[key][metric] or 0) == getattr(card, metric), (key, metric)


def test_cards_with_the_rule_of_claims(loaded: tuple[OracleTrail, DemoTruth]) -> None:
    """M3.4: a sale that came back by defect stays won in the marketing view, and is lost in the finance view."""
    trail, truth = loaded
    trail.rules = json.loads(profile_text("rules.json"))["rules"]
    for view, suffix in (("marketing", "_marketing"), ("finance", "")):
        rows = {row["key"]: row for row in trail.cards("channel", view=view)}
        for key, card in truth.channels.items():
            for metric in ("won", "amount_won", "margin", "new_customers"):
                assert (rows[key][metric] or 0) == getattr(card, metric + suffix), (view, key, metric)


def test_the_dirt_is_found(loaded: tuple[OracleTrail, DemoTruth]) -> None:
    trail, _ = loaded
    found = {key: len(ids) for key, ids in trail.findings().items()}
    assert found[("broken_link announcement", "invoice_lines")] == 1
    assert found[("broken_link event", "announcements")] == 1
    assert found[("broken_link person", "deals")] == 1
    assert found[("unplaced_invoice", "invoices")] == 1
    assert found[("disagreeing_sources", "registrations")] > 1
