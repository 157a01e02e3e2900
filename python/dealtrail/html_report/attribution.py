"""Who gets the credit of deals and of guests: models side by side, the parts that channels play, their ways."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby, islice
from typing import Literal

from dealtrail.attribution import assisted, compare, path_length, time_lag
from dealtrail.html_report.figures import Figures, Row
from dealtrail.html_report.writing import NO_VALUE
from dealtrail.journeys import Journeys

Goal = Literal["won", "deal_created", "attended"]
GOALS: tuple[Goal, ...] = ("won", "deal_created", "attended")
"""What is credited: the reader picks one."""
MODELS = ("first_touch", "last_touch", "linear", "position_based", "markov", "shapley")
PARTS = ("first", "middle", "last", "only")
PATHS, PATHS_OF_CHANNEL, SEARCHED, CHANNELS_WITH_PATHS = 15, 5, 20_000, 30
ENOUGH = 10
"""Conversions that a channel took part in before a sentence calls it a helper."""
DRAWN = 5
"""Conversions that a channel took part in before its parts are drawn."""
LONG = 7
"""Touches: journeys of as many or more are one row."""
DAYS = (7, 14, 30, 60, 90)
_BETWEEN = "\x1f"  # no name has it
_NOBODY = ("(unattributed)", "(total)")


def goals(f: Figures) -> list[Row]:
    """Give the section by goal; a goal that nobody reached after a touch is not there."""
    given = []
    for goal in GOALS:
        journeys = f.trail.journeys(goal, **f.cut)
        without = int(journeys.meta["conversions_without_touches"])
        reached = int(journeys.meta["conversions"])
        if reached > without:
            given.append(one_goal(f, goal, journeys, reached, without))
    return given


def one_goal(f: Figures, goal: Goal, journeys: Journeys, reached: int, without: int) -> Row:
    """Give what the page shows of one goal."""
    number = f.writing.number
    credit = compare(journeys, MODELS, cost=f.channels).to_dicts()
    total = next(row for row in credit if row["channel"] == "(total)")
    worth = bool(total.get("value"))  # amounts that were all left out are no value, not 0
    parts = part_rows(f, journeys, worth)
    channels = channel_rows(f, credit)
    said = {"reached": number(reached), "with_touches": number(reached - without), "without": number(without)}
    return {
        "goal": goal,
        "title": f.words[f"goal_{goal}"],
        "note": f.words["credit_counted"].format(**said),
        "brief": brief(f, channels, parts),
        "channels": channels,
        "money": money_rows(f, credit) if worth else [],
        "parts": parts,
        "worth": worth,
        "paths": (paths := top_paths(f, journeys, worth)),
        "paths_rest": paths_rest(f, journeys, paths, total["value"] if worth else None),
        "ways": ways(f, journeys, parts),
        "lengths": length_rows(f, journeys),
        "lags": lag_rows(f, journeys),
        "half": half(f, journeys),
        "drawn": {
            "credit": drawn_credit(f, credit, worth),
            "channels": len(channels),
            "roles": drawn_roles(parts),
        },
    }


def called(f: Figures, key: str) -> str:
    """Give the name of a channel."""
    return f.name(key, "channel", f.channel_names.get(key))


def by_channel(credit: list[Row]) -> dict[str, dict[str, Row]]:
    """Give what each model says of each channel, most credited on the whole first."""
    found: dict[str, dict[str, Row]] = {}
    for row in credit:
        if row["channel"] not in _NOBODY:
            found.setdefault(row["channel"], {})[row["model"]] = row

    def least(key: str) -> tuple[float, str]:
        return (-sum(row["share"] or 0 for row in found[key].values()), key)

    return {key: found[key] for key in sorted(found, key=least)}


def channel_rows(f: Figures, credit: list[Row]) -> list[Row]:
    """Give the share of each channel by each model, with its interval."""
    rows = []
    for key, said in by_channel(credit).items():
        one = said[MODELS[0]]
        cells = [
            {
                "model": model,
                "text": share_text(f, said[model]),
                "range": range_text(f, said[model]),
                "few": bool(said[model]["too_few"]),
                "value": said[model]["share"],
            }
            for model in MODELS
        ]
        rows.append(
            {
                "key": key,
                "name": called(f, key),
                "cost": f.writing.money(one["cost"]),
                "spent": None if one["cost"] is None else float(one["cost"]),
                "converting": one["converting"],
                "count": f.writing.number(one["converting"]),
                "cells": cells,
            }
        )
    return rows


def share_text(f: Figures, row: Row) -> str:
    """Write a share; one that rests on too little is marked."""
    text = f.writing.percent(row["share"])
    return f"≈{text}" if row["too_few"] and text != NO_VALUE else text


def range_text(f: Figures, row: Row) -> str:
    """Write the interval of a share without the sign of percent."""
    if row["share_low"] is None or row["share_high"] is None:
        return ""
    low, high = (f.writing.number(round(row[name] * 100, 6)) for name in ("share_low", "share_high"))
    return f"{low}–{high}"


def money_rows(f: Figures, credit: list[Row]) -> list[Row]:
    """Give the value that each model credits: rows add up to the total, exactly."""
    said: dict[str, dict[str, Row]] = {}
    for row in credit:
        said.setdefault(row["channel"], {})[row["model"]] = row
    order = [*by_channel(credit), *_NOBODY]
    return [
        {
            "key": key,
            "name": called(f, key),
            "cells": [
                (f.writing.money(of["value"]), "" if of["value"] is None else float(of["value"]))
                for of in (said[key][model] for model in MODELS)
            ],
        }
        for key in order
    ]


def part_rows(f: Figures, journeys: Journeys, worth: bool) -> list[Row]:
    """Give the parts that channels played, those that helped most often first."""
    number, money = f.writing.number, f.writing.money
    rows = []
    for row in assisted(journeys):
        ratio = row["assisted_per_closed"]
        rows.append(
            {
                "key": row["channel"],
                "name": called(f, row["channel"]),
                **{part: row[part] for part in (*PARTS, "assisted", "closed")},
                "texts": {part: number(row[part]) for part in (*PARTS, "assisted", "closed")},
                "ratio": ratio,
                "ratio_text": number(ratio, 2),
                "assisted_value": money(row["assisted_value"]) if worth else NO_VALUE,
                "assisted_worth": float(row["assisted_value"] or 0) if worth else None,
            }
        )
    rows.sort(key=lambda row: (-row["assisted"], row["closed"], row["key"]))
    return rows


def brief(f: Figures, channels: list[Row], parts: list[Row]) -> list[Row]:
    """Give what a reader should know first: a sentence of ``words`` and the names and figures in it."""
    said: list[Row] = []
    leaders = {model: max(channels, key=lambda row: row["cells"][i]["value"] or 0) for i, model in enumerate(MODELS)}
    first, last = leaders["first_touch"], leaders["last_touch"]
    if len(channels) > 1 and len({row["key"] for row in leaders.values()}) == 1:
        said.append({"text": f.words["credit_leader"], "channel": first["name"], **ends(f, first)})
    elif len(channels) > 1 and first["key"] != last["key"]:
        begun = {"first": first["name"], "first_share": first["cells"][0]["text"]}
        closed = {"last": last["name"], "last_share": last["cells"][1]["text"]}
        said.append({"text": f.words["credit_leaders"], **begun, **closed})
    apart = max(channels, key=spread)
    if len(channels) > 1 and spread(apart) >= 0.01 and all(line.get("channel") != apart["name"] for line in said):
        said.append({"text": f.words["credit_apart"], "channel": apart["name"], **ends(f, apart)})
    sure = sum(not any(cell["few"] for cell in row["cells"]) for row in channels)
    if sure < len(channels):
        figures = {"sure": f.writing.number(sure), "all": f.writing.number(len(channels))}
        said.append({"text": f.words["credit_sure"], **figures})
    helpers = [
        row for row in parts if row["assisted"] + row["closed"] >= ENOUGH and 2 * row["assisted"] >= row["closed"]
    ]
    if helpers:
        row = min(helpers, key=helping)
        figures = {"closed": row["texts"]["closed"], "assisted": row["texts"]["assisted"]}
        said.append({"text": f.words["credit_helper"], "channel": row["name"], **figures})
    return said


def spread(channel: Row) -> float:
    """Give how far apart the models are about a channel."""
    shares = [cell["value"] for cell in channel["cells"] if cell["value"] is not None]
    return max(shares) - min(shares) if shares else 0.0


def ends(f: Figures, channel: Row) -> Row:
    """Give the least and the greatest share of a channel, with the model that says so."""
    cells = [cell for cell in channel["cells"] if cell["value"] is not None]
    low, high = min(cells, key=lambda cell: cell["value"]), max(cells, key=lambda cell: cell["value"])
    return {
        "low": low["text"],
        "low_model": f.words[f"by_{low['model']}"],
        "high": high["text"],
        "high_model": f.words[f"by_{high['model']}"],
    }


def steps_of(f: Figures, path: str, touches: int) -> list[str]:
    """Give the channels of a path by name, repeats as one with a count."""
    if not touches:
        return [f.words["no_touches"]]
    steps = []
    for key, same in groupby(path.split(_BETWEEN)):
        times = len(list(same))
        steps.append(f"{called(f, key)} ×{times}" if times > 1 else called(f, key))
    return steps


def converting_paths(journeys: Journeys) -> Iterator[Row]:
    """Give the paths that somebody converted on, most conversions first."""
    for row in journeys.paths(separator=_BETWEEN).head(SEARCHED):
        if not row["conversions"]:
            return
        yield row


def top_paths(f: Figures, journeys: Journeys, worth: bool) -> list[Row]:
    """Give the ways by which most conversions came: channels in order of time."""
    rows: list[Row] = []
    for row in islice(converting_paths(journeys), PATHS):
        share = row["conversions"] / row["journeys"] if row["touches"] else None
        rows.append(
            {
                "steps": steps_of(f, row["path"], row["touches"]),
                "journeys": f.writing.number(row["journeys"]),
                "won": f.writing.number(row["conversions"]),
                "share": f.writing.percent(share, 1),
                "value": f.writing.money(row["value"]) if worth else NO_VALUE,
                "values": [row["journeys"], row["conversions"], share, float(row["value"] or 0) if worth else None],
                "worth": row["value"] or 0,
            }
        )
    return rows


def paths_rest(f: Figures, journeys: Journeys, shown: list[Row], value: Decimal | None) -> Row | None:
    """Give all other ways as one row, those on which nobody converted among them; none when there are none."""
    number = f.writing.number
    gone, won = (
        int(journeys.meta[name]) - sum(row["values"][i] for row in shown)
        for i, name in enumerate(("journeys", "conversions"))
    )
    if not gone and not won:
        return None
    worth = None if value is None else value - sum((Decimal(row["worth"]) for row in shown), Decimal(0))
    share = f.writing.percent(won / gone, 1) if gone else NO_VALUE
    return {"journeys": number(gone), "won": number(won), "share": share, "value": f.writing.money(worth)}


def ways(f: Figures, journeys: Journeys, parts: list[Row]) -> list[Row]:
    """Give the ways that another channel closed, of each channel that helped, mostly helping ones first."""
    helped = sorted(filter(lambda row: row["assisted"], parts), key=helping)[:CHANNELS_WITH_PATHS]
    found: dict[str, list[Row]] = {row["key"]: [] for row in helped}
    for row in islice(converting_paths(journeys), SEARCHED):
        channels = row["path"].split(_BETWEEN)
        for key in dict.fromkeys(channels[:-1]):
            if key != channels[-1] and key in found and len(found[key]) < PATHS_OF_CHANNEL:
                steps = steps_of(f, row["path"], row["touches"])
                found[key].append(
                    {"steps": steps, "count": f.writing.number(row["conversions"]), "of": row["conversions"]}
                )
    made = []
    for row in helped:
        rest = row["assisted"] - sum(path["of"] for path in found[row["key"]])
        more = f.words["ways_rest"].format(count=f.writing.number(rest)) if rest else ""
        made.append({**row, "paths": found[row["key"]], "rest": more})
    return made


def helping(row: Row) -> tuple[float, str]:
    """Order channels by how much of their part in conversions is help, most first."""
    return (-row["assisted"] / ((row["assisted"] + row["closed"]) or 1), row["key"])


def length_rows(f: Figures, journeys: Journeys) -> list[Row]:
    """Give journeys and conversions by number of touches; long journeys are one row."""
    sums: dict[int, list[int]] = {}
    for row in path_length(journeys):
        if row["touches"]:
            of = sums.setdefault(min(row["touches"], LONG), [0, 0])
            of[0] += row["journeys"]
            of[1] += row["conversions"]
    most = max((conversions for _, conversions in sums.values()), default=0)
    return [
        {
            "name": f.words["touches_more"].format(n=touches) if touches == LONG else f.writing.number(touches),
            "touches": touches,
            "journeys": f.writing.number(all_of),
            "count": f.writing.number(conversions),
            "rate": f.writing.percent(conversions / all_of, 1),
            "part": conversions / most if most else 0,
            "values": [all_of, conversions, conversions / all_of],
        }
        for touches, (all_of, conversions) in sorted(sums.items())
    ]


def lag_rows(f: Figures, journeys: Journeys) -> list[Row]:
    """Give conversions by days from the first touch."""
    counts = [0] * (len(DAYS) + 1)
    for row in time_lag(journeys):
        counts[sum(row["days"] > last for last in DAYS)] += row["conversions"]
    while counts and not counts[-1]:
        counts.pop()
    total, most, done, rows = sum(counts), max(counts, default=0), 0, []
    for i, count in enumerate(counts):
        done += count
        first = DAYS[i - 1] + 1 if i else 0
        name = f"{first}–{DAYS[i]}" if i < len(DAYS) else f.words["days_more"].format(n=first)
        row = {"name": name, "count": f.writing.number(count), "done": f.writing.percent(done / total)}
        rows.append({**row, "order": i, "part": count / most, "values": [count, done / total]})
    return rows


def half(f: Figures, journeys: Journeys) -> str:
    """Tell in how many days half of the conversions came, and nine of ten."""
    lags = time_lag(journeys)
    days = {
        part: next((row["days"] for row in lags if row["cumulative_share"] >= part - 1e-9), None) for part in (0.5, 0.9)
    }
    return f.words["lag_half"].format(half=f.writing.number(days[0.5]), most=f.writing.number(days[0.9]))


def drawn_credit(f: Figures, credit: list[Row], worth: bool) -> list[Row]:
    """Give a dot per channel and model."""
    rows = []
    for key, said in islice(by_channel(credit).items(), 25):
        for model in MODELS:
            row = said[model]
            if row["share"] is None:
                continue
            few = f" ({f.words['few']})" if row["too_few"] else ""
            between = range_text(f, row)
            rows.append(
                {
                    "key": key,
                    "name": called(f, key),
                    "model": f.words[model],
                    "value": row["share"],
                    "opacity": 0.5 if row["too_few"] else 1,
                    "text": f.writing.percent(row["share"], 1) + few,
                    "range": f"{between}\u00a0%" if between else NO_VALUE,
                    "count": f.writing.number(row["conversions"], 1),
                    "money": f.writing.money(row["value"]) if worth else NO_VALUE,
                    "price": f.writing.money(row["cpa"]),
                }
            )
    return rows


def drawn_roles(parts: list[Row]) -> list[Row]:
    """Give the parts of each channel that took part often enough, those that help rather than close first."""
    drawn = [row for row in parts if row["assisted"] + row["closed"] >= DRAWN]
    return [
        {"key": row["key"], "name": row["name"], "of": row["texts"]["closed"], "part": part, "value": row[part]}
        | {"text": row["texts"][part], "helped": row["texts"]["assisted"]}
        for row in sorted(drawn, key=helping)[:25]
        for part in PARTS
    ]
