"""What the report shows, asked from the library: nothing is counted here but what adds up."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from dealtrail import _core
from dealtrail._types import Moment, View
from dealtrail.card_parts import card_parts
from dealtrail.funnel import ExitList, exits, funnel
from dealtrail.html_report.words import FINDINGS, Lang, figure_words, kind_word, words
from dealtrail.html_report.writing import NO_VALUE, Writing, month_before
from dealtrail.pace import pace
from dealtrail.table import Table
from dealtrail.trail import Trail

KEYS = ("month", "channel", "brand", "manager", "event")
"""What the page filters and cuts by."""
COLUMNS = (
    *("cost", "announcements", "registrations", "came", "show_rate", "cost_per_attendee", "deals", "won"),
    *("amount_won", "roi_revenue", "cac", "open"),
)
"""Of the table of channels."""
EVENT_COLUMNS = ("registrations", "came", "show_rate", "new_faces", "cost", "cost_per_attendee", "deals", "amount_won")
CHANGED = (
    *("cost", "announcements", "registrations", "came", "show_rate", "new_faces", "leads", "deals", "won"),
    *("new_customers", "amount_won"),
)
TRACED, TRACED_FACTS = 60, 15
PACE = ("days_to_go", "registrations", "past_median", "expected_guests", "goal_guests", "missing_registrations")
FUNNEL = (
    ("registered", "registered_of_all"),
    ("came", "came_of_all"),
    ("interested", "interested_of_all"),
    ("deal_guests", "deal_of_all"),
    ("won_guests", "won_of_all"),
)
"""Steps of the funnel with their shares of all guests."""
EXITS: tuple[ExitList, ...] = ("did_not_come", "no_follow_up", "no_contact", "no_offer", "overdue")
GRADES = ("error", "warning", "info")

Row = dict[str, Any]


class Figures:
    """The figures of one report, each asked once.

    Parameters
    ----------
    trail
        The facts.
    lang
        ``ru`` or ``en``.
    view, as_of
        As for ``Trail.cards``.
    """

    def __init__(self, trail: Trail, lang: Lang, view: View, as_of: Moment) -> None:
        self.trail = trail
        self.lang: Lang = lang
        self.cut: dict[str, Any] = {"view": view, "as_of": as_of}
        self.channels = self.cards("channel")
        self.meta = self.channels.meta
        digits = next(column.scale for column in self.channels.schema if column.name == "cost")
        self.writing = Writing(lang, trail.currency, digits, trail.zone)
        self.columns = _core.describe_card()
        self.sorts = {column["name"]: _sort(column) for column in self.columns} | {"came": "count"}
        self.titles = figure_words(lang)
        self.words = words(lang)
        said = self.meta["as_of"]
        self.as_of = datetime.fromisoformat(said.replace("Z", "+00:00")) if said else None
        self.events = {row["id"]: row for row in self.rows_of("events", "id", "name", "starts_at", "parent", "status")}
        self.managers = {row["id"]: row["name"] for row in self.rows_of("managers", "id", "name")}
        self.unpaid = {row["id"] for row in self.rows_of("channels", "id", "paid") if row["paid"] in ("own", "barter")}
        self.funnel_table = funnel(trail, by="event", **self.cut)
        self.parts = card_parts(trail, KEYS, **self.cut)

    def cards(self, by: str, period: str | None = None) -> Table:
        """Give the cards by a key."""
        return self.trail.cards(by=by, period=period, **self.cut)

    def rows_of(self, kind: Any, *columns: str) -> list[Row]:
        """Give some columns of the facts of a kind."""
        return self.trail.table(kind).select(columns).to_dicts()

    def name(self, key: str, by: str, name: str | None = None) -> str:
        """Give what a key is called on the page."""
        if key in ("(unattributed)", "(total)", "(undated)"):
            return self.words[key[1:-1]]
        if by == "month":
            return self.writing.month(key)
        if by == "manager":
            return self.managers.get(key) or key
        if by == "event":
            event = self.events.get(key) or {}
            called: str = event.get("name") or key
            return f"{called} ({self.words['cancelled']})" if event.get("status") == "cancelled" else called
        return name or key

    def is_top(self, card: Row) -> bool:
        """Tell whether a card is of an event that is no session, and has anything to show."""
        event = self.events.get(card["key"])
        figures = ("cost", "announcements", "registrations", "attended", "walk_ins", "new_faces", "deals", "amount_won")
        return event is not None and event["parent"] not in self.events and any(card[figure] for figure in figures)

    def cell(self, figure: str, value: Any, *, sign: bool = False) -> str:
        """Write a figure of a card."""
        sort = self.sorts[figure]
        if sort == "share":
            return self.writing.percent(value, 1 if figure == "show_rate" else 0, sign=sign)
        if sort in ("money", "per"):
            return self.writing.money(value, sign=sign)
        return self.writing.number(value, sign=sign)

    # --- what is shown whole ---------------------------------------------------------------------------------------

    def changed(self) -> Row | None:
        """Give the last full month against the one before, by the cards and their diff."""
        months = [key for key in self.cards("month")["key"] if not key.startswith("(")]
        if self.as_of is None or not months:
            return None
        here = self.as_of.astimezone(self.writing.place)
        now = month_before(f"{here.year:04d}-{here.month:02d}")
        before = month_before(now)
        if now < months[0]:
            return None
        now_rows, before_rows = (
            {row["key"]: with_came(row) for row in self.cards("channel", period)} for period in (now, before)
        )
        total, was = now_rows["(total)"], before_rows["(total)"]
        movers = sorted(now_rows, key=lambda key: -abs(now_rows[key]["came"] - before_rows[key]["came"]))
        return {
            "now": now,
            "before": before,
            "figures": [self._change(figure, was[figure], total[figure]) for figure in CHANGED],
            "movers": [
                (
                    self.name(key, "channel", now_rows[key]["name"]),
                    [
                        self._change(figure, before_rows[key][figure], now_rows[key][figure])
                        for figure in ("cost", "came", "amount_won")
                    ],
                )
                for key in movers
                if key != "(total)"
                and any(now_rows[key][figure] != before_rows[key][figure] for figure in ("cost", "came", "amount_won"))
            ][:8],
            "facts": self._facts(now, before),
            "brief": self._brief(now, was, total),
        }

    def _change(self, figure: str, was: Any, now: Any) -> Row:
        both = was is not None and now is not None
        change = now - was if both else None
        if self.sorts[figure] == "share":
            points = self.writing.number(None if change is None else change * 100, 1, sign=True)
            written = points if change is None else f"{points}\u00a0{self.words['points']}"
        else:
            written = self.cell(figure, change, sign=True)
        return {
            "title": self.titles[figure],
            "figure": figure,
            "was": self.cell(figure, was),
            "now": self.cell(figure, now),
            "change": written,
            "share": self.writing.percent(float(change) / float(was), sign=True)
            if change is not None and was and self.sorts[figure] != "share"
            else "",
            "value": float(change) if change is not None else None,
        }

    def _facts(self, now: str, before: str) -> list[Row]:
        """Give the largest changes of money, fact by fact, with their channel."""
        diff = self.trail.diff(self.trail, period=now, before_period=before, **self.cut)
        rows = [row for row in diff if row["metric"] in ("cost", "amount_won")]
        channel = {(row["metric"], row["kind"], row["id"]): row["key"] for row in rows if row["key"] != "(total)"}
        names = dict(zip(self.channels["key"], self.channels["name"], strict=True))
        facts = []
        for metric in ("cost", "amount_won"):
            of_metric = [row for row in rows if row["metric"] == metric and row["key"] == "(total)"]
            for row in sorted(of_metric, key=lambda row: (-abs(row["change"]), row["id"]))[:5]:
                key = channel.get((metric, row["kind"], row["id"]), "(unattributed)")
                facts.append(
                    {
                        "title": self.titles[metric],
                        "kind": kind_word(row["kind"], self.lang),
                        "id": row["id"],
                        "channel": self.name(key, "channel", names.get(key)),
                        "change": self.writing.money(row["change"], sign=True),
                        "value": float(row["change"]),
                    }
                )
        return facts

    def _brief(self, month: str, was: Row, now: Row) -> list[str]:
        """Give what a reader should know first, in sentences."""
        writing = self.writing

        def change(figure: str) -> str:
            return self.cell(figure, now[figure] - was[figure], sign=True)

        lines = [
            self.words["brief_came"].format(
                month=writing.month(month), came=writing.number(now["came"]), came_change=change("came")
            ),
            self.words["brief_won"].format(
                cost=writing.with_currency(writing.money(now["cost"])),
                cost_change=change("cost"),
                won_change=change("won"),
                won=writing.number(now["won"]),
                amount=writing.with_currency(writing.money(now["amount_won"])),
            ),
        ]
        priced = [
            row
            for row in map(with_came, self.channels)
            if row["cost_per_attendee"] and row["came"] >= 10 and row["key"][0] != "("
        ]
        if len(priced) > 1:
            priced.sort(key=lambda row: (row["cost_per_attendee"], row["key"]))
            (best, worst) = (priced[0], priced[-1])
            lines.append(
                self.words["brief_best"].format(
                    channel=best["name"] or best["key"],
                    price=writing.with_currency(writing.money(best["cost_per_attendee"])),
                    worst=worst["name"] or worst["key"],
                    worst_price=writing.with_currency(writing.money(worst["cost_per_attendee"])),
                )
            )
        soon = next((row for row in self.pace() if row["values"][3] is not None), None)
        if soon is not None:
            lines.append(self.words["brief_soon"].format(**soon))
        return lines

    def traces(self) -> list[Row]:
        """Give what the cost per guest of each channel is made of: costs fact by fact, guests by event."""
        came: dict[str, dict[str, int]] = {}
        for row in self.parts:
            of = came.setdefault(row["channel"], {})
            of[row["event"]] = of.get(row["event"], 0) + row["attended"] + row["walk_ins"]
        cards = [row for row in map(with_came, self.channels) if row["key"] != "(total)" and row["cost"]]
        cards.sort(key=lambda row: (row["key"] == "(unattributed)", -row["cost"], row["key"]))
        creatives = {row["id"]: row["creative"] for row in self.rows_of("announcements", "id", "creative")}
        return [self._trace(row, came.get(row["key"], {}), creatives) for row in cards[:TRACED]]

    def _trace(self, card: Row, came: dict[str, int], creatives: dict[str, str | None]) -> Row:
        trace = self.trail.trace(key=card["key"], metric="cost", **self.cut)
        amounts: dict[tuple[str, str], Decimal] = {}
        about: dict[tuple[str, str], tuple[datetime | None, set[str]]] = {}
        for row in trace:
            fact = (row["kind"], row["id"])
            amounts[fact] = amounts.get(fact, Decimal(0)) + row["part"]
            about.setdefault(fact, (row["at"], set()))[1].add(row["announcement"] or "")
        largest = sorted(amounts, key=lambda fact: (-abs(amounts[fact]), fact))
        shown, rest = largest[:TRACED_FACTS], largest[TRACED_FACTS:]
        facts = []
        for fact in shown:
            at, announcements = about[fact]
            one = next(iter(announcements)) if len(announcements) == 1 else ""
            facts.append(
                {
                    "kind": kind_word(fact[0], self.lang),
                    "id": fact[1],
                    "about": creatives.get(one) or one,
                    "date": self.writing.date(at),
                    "amount": self.writing.money(amounts[fact]),
                }
            )
        if rest:
            more = self.words["trace_rest"].format(count=self.writing.number(len(rest)))
            amount = self.writing.money(sum((amounts[fact] for fact in rest), Decimal(0)))
            facts.append({"kind": more, "id": "", "about": "", "date": "", "amount": amount})
        guests = sorted((count, self.name(key, "event")) for key, count in came.items() if count)
        return {
            "key": card["key"],
            "name": self.name(card["key"], "channel", card["name"]),
            "cost": self.writing.money(card["cost"]),
            "came": self.writing.number(card["came"]),
            "price": self.writing.money(card["cost_per_attendee"]),
            "facts": facts,
            "guests": [{"name": name, "count": self.writing.number(count)} for count, name in reversed(guests)],
        }

    def funnel(self) -> list[Row]:
        """Give the guests of events step by step, latest event first, all of them last."""
        number, rows = self.writing.number, []
        for row in self.funnel_table:
            if not row["guests"]:
                continue
            steps = [
                {
                    "text": number(row[step]),
                    "value": row[step],
                    "share": self.writing.percent(row[share]),
                }
                for step, share in FUNNEL
            ]
            rows.append(
                {
                    "key": row["key"],
                    "name": self.name(row["key"], "event", row["name"]),
                    "date": self.writing.date(row["starts_at"]),
                    "at": row["starts_at"].timestamp() if row["starts_at"] else "",
                    "steps": steps,
                    "open": self.writing.money(row["amount_open"]),
                    "value": float(row["amount_open"]),
                }
            )
        rows.sort(key=lambda row: (row["key"] != "(total)", row["at"] != "", row["at"], row["key"]), reverse=True)
        return rows

    def exits(self) -> Row | None:
        """Give how many guests of the last event that is over are to be called, by list and manager."""
        over = [
            (row["starts_at"], row["key"])
            for row in self.funnel_table
            if row["came"] and row["starts_at"] and self.as_of and row["starts_at"] <= self.as_of
        ]
        if not over:
            return None
        at, event = max(over)
        counts: dict[str | None, dict[str, int]] = {}
        for row in exits(self.trail, event=event, lists=EXITS, **self.cut):
            of = counts.setdefault(row["manager"], dict.fromkeys(EXITS, 0))
            of[row["list"]] += 1
        lists = [name for name in EXITS if any(of[name] for of in counts.values())]
        managers = sorted(counts, key=lambda key: (key is None, self.managers.get(key or "") or key or ""))
        return {
            "event": self.name(event, "event"),
            "key": event,
            "date": self.writing.date(at),
            "lists": lists,
            "rows": [
                {
                    "name": self.words["no_manager"] if key is None else self.name(key, "manager"),
                    "counts": [(counts[key][name], self.writing.number(counts[key][name])) for name in lists],
                }
                for key in managers
            ],
            "total": [self.writing.number(sum(of[name] for of in counts.values())) for name in lists],
        }

    def pace(self) -> list[Row]:
        """Give the events to come: where registrations stand against past editions, and what that leads to."""
        number, rows = self.writing.number, []
        for row in pace(self.trail, as_of=self.cut["as_of"]):
            low, high = row["expected_guests_low"], row["expected_guests_high"]
            guests = number(row["expected_guests"])
            if row["expected_guests"] is not None:
                guests += f" ({number(low)}–{number(high)})"
            rows.append(
                {
                    "event": row["name"] or row["event"],
                    "date": self.writing.date(row["starts_at"]),
                    "days": number(row["days_to_go"]),
                    "registrations": number(row["registrations"]),
                    "past": number(row["past_median"]),
                    "guests": guests,
                    "goal": number(row["goal_guests"]),
                    "missing": number(row["missing_registrations"]),
                    "values": [row[name] for name in PACE],
                }
            )
        return rows

    def goals(self) -> list[Row]:
        """Give the goals of events, latest event first; what an event to come cannot have yet is left out."""
        rows = [
            row
            for row in self.trail.goals(**self.cut)
            if row["figure"] == "registrations"
            or not (row["starts_at"] and self.as_of and row["starts_at"] > self.as_of)
        ]
        rows.sort(key=lambda row: (row["starts_at"] is not None, row["starts_at"], row["event"]), reverse=True)
        return [
            {
                "event": self.name(row["event"], "event"),
                "date": self.writing.date(row["starts_at"]),
                "at": row["starts_at"].timestamp() if row["starts_at"] else "",
                "title": self.titles[row["figure"]],
                "goal": self.cell(row["figure"], row["goal"]),
                "fact": self.cell(row["figure"], row["fact"]),
                "missing": self.cell(row["figure"], row["missing"]) if row["missing"] else NO_VALUE,
                "done": self.writing.percent(row["done"]),
                "share": row["done"],
                "values": [float(row[column]) for column in ("goal", "fact", "missing")],
            }
            for row in rows
        ]

    def new_faces(self) -> list[Row]:
        """Give new faces beside all who came, by event, latest first."""
        sums: dict[str, tuple[int, int]] = {}
        for row in self.parts:
            came, new = sums.get(row["event"], (0, 0))
            sums[row["event"]] = (came + row["attended"] + row["walk_ins"], new + row["new_faces"])
        rows: list[Row] = []
        for key, (came, new) in sums.items():
            if not came:
                continue
            at = (self.events.get(key) or {}).get("starts_at")
            rows.append(
                {
                    "name": self.name(key, "event"),
                    "date": self.writing.date(at),
                    "at": at.timestamp() if at else 0,
                    "came": self.writing.number(came),
                    "new": self.writing.number(new),
                    "share": self.writing.percent(Decimal(new) / came),
                    "values": [came, new, new / came],
                }
            )
        rows.sort(key=lambda row: (-row["at"], row["name"]))
        return rows

    def findings(self) -> list[Row]:
        """Give the findings, errors first, in the reader's language."""
        rows = sorted(
            self.trail.findings(), key=lambda row: (GRADES.index(row["severity"]), -row["count"], row["code"])
        )
        shown = []
        for row in rows:
            what, cure = FINDINGS.get(row["code"], (row["message"], row["cure"]))
            if self.lang == "en":
                what, cure = row["message"], row["cure"]
            shown.append(
                {
                    "code": row["code"],
                    "severity": row["severity"],
                    "grade": self.words[row["severity"]],
                    "rank": GRADES.index(row["severity"]),
                    "what": what,
                    "cure": cure or "",
                    "where": f"{kind_word(row['kind'], self.lang)}: {row['column']}"
                    if row["column"]
                    else kind_word(row["kind"], self.lang),
                    "count": self.writing.number(row["count"]),
                    "value": row["count"],
                    "first": row["first_ids"] or "",
                }
            )
        return shown

    # --- what the page adds up -------------------------------------------------------------------------------------

    def additive(self) -> Row:
        """Give the parts as the page takes them: keys by number, sums in minor units, zeros left out."""
        sums = [column["name"] for column in self.columns if column["sort"] != "ratio"]
        scale = {column.name: column.scale for column in self.parts.schema}
        names = dict(zip(self.channels["key"], self.channels["name"], strict=True))
        keys: dict[str, list[str]] = {by: sorted(set(self.parts[by])) for by in KEYS}
        keys["channel"] = self.channels["key"][:-1]
        for by in ("brand", "manager"):  # by name, what is unattributed last
            keys[by].sort(key=lambda key: (key == "(unattributed)", self.name(key, by).casefold(), key))
        keys["event"].sort(key=lambda key: (self._starts(key), key), reverse=True)
        number = {by: {key: i for i, key in enumerate(keys[by])} for by in KEYS}
        rows = []
        for part in self.parts:
            row: list[int | str] = [number[by][part[by]] for by in KEYS]
            for i, name in enumerate(sums):
                if part[name]:
                    row += [i, whole(part[name], scale[name])]
            rows.append(row)
        return {
            "sums": sums,
            "columns": [column for column in self.columns if column["sort"] == "ratio"],
            "sorts": self.sorts,
            "keys": {by: [self._key(key, by, names.get(key)) for key in of] for by, of in keys.items()},
            "parts": rows,
        }

    def _starts(self, event: str) -> float:
        at = (self.events.get(event) or {}).get("starts_at")
        return at.timestamp() if at else float("-inf")

    def _key(self, key: str, by: str, name: str | None) -> Row:
        of: Row = {"key": key, "name": self.name(key, by, name if by == "channel" else None)}
        if by == "channel":
            of["unpaid"] = key in self.unpaid
        if by == "month":
            of["short"] = self.writing.month(key, short=True)
        if by == "event":
            at = (self.events.get(key) or {}).get("starts_at")
            of |= {"date": self.writing.date(at), "at": at.timestamp() if at else None}
        return of


def with_came(row: Row) -> Row:
    """Give a row of cards with those who came, registered or not."""
    return {**row, "came": row["attended"] + row["walk_ins"]}


def whole(value: Decimal | int, scale: int) -> int | str:
    """Give an amount in minor units; as text when a script would round it."""
    minor = int(value.scaleb(scale)) if isinstance(value, Decimal) else value
    return minor if abs(minor) < 2**53 else str(minor)


def _sort(column: Row) -> str:
    """Tell how a column of cards is written: a count, money, money per something, or a share."""
    if column["sort"] != "ratio":
        return str(column["sort"])
    return "per" if column["per"] else "share"
