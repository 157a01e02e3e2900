"""IN.24: tables for people: what matters first, as wide as the terminal, local times, names."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import dealtrail as dt
from dealtrail import _show
from dealtrail.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


@pytest.fixture
def trail(snapshot: Path) -> dt.Trail:
    return dt.Trail.restore(snapshot.read_bytes())


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["cards"], {"key", "name", "cost", "attended", "won"}),
        (["trace", "--key", "(total)", "--metric", "cost"], {"part", "kind", "id", "at"}),
        (["trace", "--key", "(total)", "--metric", "cost_per_attendee"], {"part", "kind", "id", "role"}),
        (["attribute", "--model", "linear"], {"channel", "conversions", "value", "share", "cost"}),
        (["attribute", "--show", "paths"], {"path", "journeys", "conversions"}),
        (["pace", "--as-of", "2026-03-01"], {"event", "days_to_go", "registrations", "expected_guests"}),
        (["missed-calls"], {"at", "kind", "phone", "minutes_waited", "channel"}),
        (["exits", "--event", "last"], {"list", "name", "phone"}),
        (
            ["diff", "{snapshot}", "--before-period", "2026-02", "--period", "2026-03"],
            {"key", "metric", "change", "id"},
        ),
    ],
)
def test_eighty_columns_hold_what_matters(
    arguments: list[str], needed: set[str], snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *rest = (one.format(snapshot=snapshot) for one in arguments)
    assert main([command, str(snapshot), *rest, "--width", "80"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert needed <= set(lines[0].split())
    assert max(map(len, lines)) <= 80


def test_the_amounts_of_a_trace_are_whole_at_eighty_columns(
    snapshot: Path, trail: dt.Trail, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trace", str(snapshot), "--key", "(total)", "--metric", "cost", "--width", "80"]) == 0
    out = capsys.readouterr().out
    for part in trail.trace(key="(total)", metric="cost")["part"]:
        assert f"{part:,}".replace(",", " ") in out


def test_times_are_on_the_clocks_of_the_file(
    snapshot: Path, trail: dt.Trail, capsys: pytest.CaptureFixture[str]
) -> None:
    deal = trail.table("deals")["id"][0]
    assert main(["timeline", str(snapshot), "--deal", deal, "--width", "120"]) == 0
    out = capsys.readouterr().out
    times = [at.astimezone(ZoneInfo("Europe/Moscow")) for at in trail.timeline(deal=deal)["at"] if at]
    assert re.findall(r"^(\d{4}-\d\d-\d\d(?: \d\d:\d\d)?) ", out, re.MULTILINE) == [
        f"{at:%Y-%m-%d}" if at.time() == time.max else f"{at:%Y-%m-%d %H:%M}" for at in times
    ]
    assert "\ntimes are of Europe/Moscow\n" in out


def test_days_are_days_and_another_zone_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for zone, shown, said in (
        ("UTC", "2026-03-01", "times are UTC"),
        ("+05:00", "2026-03-01", "times are of +05:00"),
    ):
        trail = dt.Trail("RUB", zone)
        trail.put("costs", [{"id": "c", "kind": "other", "amount": 10, "at": "2026-03-01"}])
        (tmp_path / "t.dtrail").write_bytes(trail.snapshot())
        assert main(["trace", str(tmp_path / "t.dtrail"), "--key", "(total)", "--metric", "cost"]) == 0
        out = capsys.readouterr().out
        assert f"{shown} " in out
        assert f"{shown} 0" not in out
        assert f"{said}\n" in out


def test_names_stand_where_ids_are(snapshot: Path, trail: dt.Trail, capsys: pytest.CaptureFixture[str]) -> None:
    channels = _show.names_of(trail, "channels", "name")
    assert main(["attribute", str(snapshot), "--model", "linear"]) == 0
    out = capsys.readouterr().out
    for key in trail.journeys("won").channels:
        assert channels[key] in out
    assert main(["attribute", str(snapshot), "--show", "paths", "--width", "0"]) == 0
    out, _, named = capsys.readouterr().out.partition("\nchannels: ")
    first = trail.journeys("won").paths()["path"][1]
    assert " > ".join(channels[key] for key in first.split(" > ")) in out
    assert first not in out
    assert first.split(" > ")[0] in named  # which ids to ask by
    assert main(["attribute", str(snapshot), "--show", "paths", "--format", "csv"]) == 0
    assert first in capsys.readouterr().out  # data have ids


def test_two_of_one_name_keep_their_ids() -> None:
    trail = dt.Trail("RUB")
    named = [{"id": "a", "name": "Mail"}, {"id": "b", "name": "Mail"}, {"id": "c", "name": "Radio"}]
    trail.put("channels", named)
    table = dt.Journeys.from_paths([{"path": path} for path in ("a > b > c", "d")], conversions=None)
    shown = _show.named(dt.attribution.linear(table), trail)
    assert shown["channel"] == ["Mail (a)", "Mail (b)", "Radio", "d", "(unattributed)", "(total)"]


def test_a_pipe_is_as_wide_as_the_terminal_a_file_is_not(snapshot: Path, tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 66, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    command = [sys.executable, "-m", "dealtrail", "cards", str(snapshot)]

    def widest(out: int, **variables: str) -> int:
        ran = subprocess.run(
            command, stdin=follower, stderr=follower, stdout=out, check=True, env=environment | variables
        )
        text = ran.stdout.decode() if out == subprocess.PIPE else (tmp_path / "out").read_text(encoding="utf-8")
        return max(map(len, text.splitlines()))

    assert 50 < widest(subprocess.PIPE) <= 66
    assert 66 < widest(subprocess.PIPE, COLUMNS="90") <= 90
    with (tmp_path / "out").open("wb") as out:
        assert 100 < widest(out.fileno()) <= 120
    os.close(follower)
    os.close(leader)
