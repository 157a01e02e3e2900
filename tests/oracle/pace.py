"""Before the day (M1.12), written from ``docs/answers/pace.md``: slow, obvious, exact where the page is exact.

Every count of a past edition is the sum of the postings that a card of that moment would have; rates are fractions;
ends of ranges are roots of the quadratic equations that define the score interval.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, sqrt
from typing import Any

from .events import in_circle
from .postings import Posting
from .state import State
from .trail import OracleTrail
from .visits import over_at

DAY = 86_400_000_000
Z2 = 1.959963984540054**2
Row = dict[str, Any]


def roots(a: float, b: float, c: float) -> tuple[float, float]:
    """Both roots of a·x² + b·x + c, the smaller first."""
    half = sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - half) / (2 * a), (-b + half) / (2 * a)


def score_interval(part: int, whole: int) -> tuple[float, float]:
    """The chances p at which part / whole is 1.96 standard deviations from p."""
    share = part / whole
    low, high = roots(1 + Z2 / whole, -(2 * share + Z2 / whole), share * share)
    return (0.0 if part == 0 else low), (1.0 if part == whole else high)


def totals(known: int, share: float) -> tuple[float, float]:
    """The totals at which ``known`` is 1.96 standard deviations from total · share."""
    low, high = roots(share * share, -(2 * known * share + Z2 * share * (1 - share)), known * known)
    return max(low, known), max(high, known)


def median(values: list[Fraction]) -> Fraction:
    """The middle one, or the mean of the two in the middle."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


class Pace:
    """One Trail seen as of one moment."""

    def __init__(self, trail: OracleTrail, as_of: int | None = None) -> None:
        self.state: State = trail.state()
        self.given = as_of
        self.now = trail.now() if as_of is None else as_of
        self.every = trail.postings(as_of=10**18)  # all of them, with the time each is active from

    def count(self, event: str, metric: str, *then: int) -> int:
        """A cell of the card by event: of now, or as of another moment."""
        return sum(posting.value for posting in self.parts(event, metric, *then))

    def parts(self, event: str, metric: str, *then: int) -> list[Posting]:
        """The postings of that cell."""
        return [
            posting
            for posting in self.every
            if posting.metric == metric
            and posting.event == event
            and all(
                at is None or posting.active_from is None or posting.active_from <= at
                for at in (*then, self.now if posting.waits else self.given)
            )
        ]

    def came(self, event: str) -> tuple[int | None, int | None]:
        """attended and walk_ins of the card; null when it is not known."""
        attended, walk_ins = (self.count(event, name) for name in ("attended", "walk_ins"))
        registered = self.count(event, "registrations")
        if registered and not attended and not walk_ins and not self.count(event, "registrations_seen"):
            return None, None
        return attended, walk_ins

    def promotion(self, event: str) -> int:
        """Cost that reaches the event through a channel or announcement."""
        parts = self.parts(event, "cost")
        return sum(part.value for part in parts if part.channel is not None or part.announcement is not None)

    def is_session(self, event: Row) -> bool:
        above = self.state.find("events", event["parent"])
        return above is not None and not in_circle(self.state, event["id"])

    def family(self, event: Row) -> set[str]:
        """Ids that links ``series`` join with this event."""
        pairs = [(row["id"], row["series"]) for row in self.state.all("events") if row["series"]]
        found, before = {event["id"]}, 0
        while len(found) > before:
            before = len(found)
            for pair in pairs:
                if set(pair) & found:
                    found |= set(pair)
        return found

    def past(self, event: Row) -> tuple[str | None, list[Row]]:
        """Which events are compared, and by which rule they were found."""
        candidates = []
        for other in self.state.all("events"):
            start = other["starts_at"]
            if other["id"] == event["id"] or other["status"] == "cancelled" or start is None:
                continue
            if self.is_session(other) != self.is_session(event) or start >= event["starts_at"]:
                continue
            ends = over_at(self.state, other["id"])
            if max(start, start if ends is None else ends) <= self.now and self.count(other["id"], "registrations") > 0:
                candidates.append(other)
        candidates.sort(key=lambda row: (row["starts_at"], row["id"]))
        family = self.family(event)
        said = [field for field in ("product", "brand", "city") if event[field]]
        rules = {
            "series": lambda row: row["id"] in family,
            "alike": lambda row: said and all(row[field] == event[field] for field in (*said, "mode")),
            "all": lambda row: True,
        }
        for name, rule in rules.items():
            chosen = [row for row in candidates if rule(row)]
            if chosen:
                return name, chosen
        return None, []

    def reason(self, event: Row) -> str | None:
        """Why nothing can be compared."""
        if event["status"] == "cancelled":
            return "cancelled"
        if event["starts_at"] is None:
            return "no_start"
        return "nothing_happened" if self.now is None else None

    def editions(self, event: Row) -> tuple[str | None, list[Row]]:
        """Rows of ``pace_editions``; ``share`` and ``show_rate`` as fractions with their intervals."""
        if self.reason(event):
            return None, []
        basis, past = self.past(event)
        rows = []
        for other in past:
            then = other["starts_at"] - (event["starts_at"] - self.now)
            known, final = (
                self.count(other["id"], "registrations", then),
                self.count(other["id"], "registrations"),
            )
            taken = self.count(other["id"], "registrations_over") > 0
            shown = self.count(other["id"], "attended_over")
            rows.append(
                {
                    "event": other["id"],
                    "registrations_then": known,
                    "registrations": final,
                    "share": Fraction(known, final),
                    "share_range": score_interval(known, final),
                    "attended": shown if taken else None,
                    "show_rate": Fraction(shown, final) if taken else None,
                    "show_range": score_interval(shown, final) if taken else (None, None),
                    "walk_ins": self.came(other["id"])[1],
                    "announcements": self.count(other["id"], "announcements"),
                    "promotion_cost": self.promotion(other["id"]),
                }
            )
        return basis, rows

    def row(self, event: Row) -> Row:
        """The row of ``pace``; money in minor units."""
        basis, editions = self.editions(event)
        known = self.count(event["id"], "registrations")
        attended, walk_ins = self.came(event["id"])
        came = None if attended is None or walk_ins is None else attended + walk_ins
        row: Row = {
            "event": event["id"],
            "basis": basis,
            "editions": len(editions),
            "registrations": known,
            "tickets": self.count(event["id"], "tickets"),
            "came": came,
            "goal_registrations": event["goal_registrations"],
            "goal_guests": event["goal_attended"],
            "registrations_needed": event["goal_registrations"],
            "capacity": event["capacity"],
            "reason": self.reason(event) or (None if editions else "no_past_edition"),
        }
        if event["starts_at"] is not None and self.now is not None:
            row["days_to_go"] = ceil(Fraction(event["starts_at"] - self.now, DAY))
        if editions:
            self.compare(row, editions)
        if row["registrations_needed"] is not None:
            row["missing_now"] = max(row["registrations_needed"] - known, 0)
        return row

    def compare(self, row: Row, editions: list[Row]) -> None:
        """What past editions tell."""
        known, came = row["registrations"], row["came"] or 0
        then = [Fraction(edition["registrations_then"]) for edition in editions]
        share = [edition["share"] for edition in editions]
        seen = [edition for edition in editions if edition["show_rate"] is not None]
        show = [edition["show_rate"] for edition in seen]
        walk_in = [Fraction(edition["walk_ins"], edition["registrations"]) for edition in seen]
        row.update(past_median=median(then), past_low=min(then), past_high=max(then))
        row["against_past"] = Fraction(known) / median(then) if median(then) else None
        row.update(share=median(share), share_low=min(share), share_high=max(share))
        finals = sum(edition["registrations"] for edition in editions)

        expected = Fraction(known) / median(share) if median(share) else None
        least, most = score_interval(sum(edition["registrations_then"] for edition in editions), finals)
        least, most = min(least, float(min(share))), max(most, float(max(share)))
        low, high = totals(known, most)[0], totals(known, least)[1] if least > 0 else None
        row.update(expected_registrations=expected, expected_registrations_low=low, expected_registrations_high=high)
        guests = top = None
        if seen:
            of_seen = sum(edition["registrations"] for edition in seen)
            show_low, show_high = score_interval(sum(edition["attended"] for edition in seen), of_seen)
            show_low, show_high = min(show_low, float(min(show))), max(show_high, float(max(show)))
            row.update(show_rate=median(show), show_rate_low=show_low, show_rate_high=show_high)
            row["walk_in_rate"] = median(walk_in)
            come = median(show) + median(walk_in)
            guests = None if expected is None else max(expected * come, Fraction(came))
            top = None if high is None else max(high * (show_high + float(max(walk_in))), came)
            row.update(
                expected_guests=guests,
                expected_guests_low=max(low * (show_low + float(min(walk_in))), came),
                expected_guests_high=top,
            )
            if row["goal_guests"] is not None and come:
                needed = max(ceil(row["goal_guests"] / come), 0)
                row["registrations_needed"] = max(row["registrations_needed"] or needed, needed)

        announcements = sum(edition["announcements"] for edition in editions)
        promotion = sum(edition["promotion_cost"] for edition in editions)
        row["registrations_per_announcement"] = Fraction(finals, announcements) if announcements else None
        row["promotion"], row["finals"] = promotion, finals
        if row["registrations_needed"] is not None and expected is not None:
            missing = max(ceil(row["registrations_needed"] - expected), 0)
            row["missing_registrations"] = missing
            if announcements or not missing:
                row["missing_announcements"] = ceil(Fraction(missing * announcements, finals))
            if promotion > 0 or not missing:
                row["missing_cost"] = ceil(Fraction(missing * max(promotion, 0), finals))
        each = Fraction(row["tickets"], known) if known else Fraction(1)  # seats that a guest takes
        for end in ("", "_low", "_high"):
            of_guests = row.get(f"expected_guests{end}")
            row[f"expected_tickets{end}"] = None if of_guests is None else of_guests * each
        if row["capacity"] is not None and guests is not None:
            holds = top is not None and top * each <= row["capacity"]
            row["hall"] = "overflows" if guests * each > row["capacity"] else "holds" if holds else "tight"
        if not median(share):
            row["reason"] = "too_early"
        elif not seen:
            row["reason"] = "no_attendance"

    def curve(self, event: Row, longest: int = 366) -> list[Row]:
        """Rows of ``pace_curve``."""
        if event["starts_at"] is None or event["status"] == "cancelled":
            return []
        editions = [self.state.find("events", row["event"]) for row in self.editions(event)[1]]
        first = 0
        for one in (event, *editions):
            assert one is not None
            for posting in self.parts(one["id"], "registrations"):
                if posting.at is not None:
                    first = max(first, ceil(Fraction(one["starts_at"] - posting.at, DAY)))
        rows = []
        for day in range(min(first, longest), -1, -1):
            at = event["starts_at"] - day * DAY
            row: Row = {"days_to_go": day, "registrations": None}
            if self.now is None or at <= self.now:
                row["registrations"] = self.count(event["id"], "registrations", at)
            counts = [
                (self.count(one["id"], "registrations", one["starts_at"] - day * DAY), one) for one in editions if one
            ]
            if counts:
                then = [Fraction(count) for count, _ in counts]
                share = [Fraction(count, self.count(one["id"], "registrations")) for count, one in counts]
                row.update(past_median=median(then), past_low=min(then), past_high=max(then))
                row.update(share=median(share), share_low=min(share), share_high=max(share))
            rows.append(row)
        return rows
