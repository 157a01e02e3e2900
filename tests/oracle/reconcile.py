"""Two lists of rows compared in the slow and obvious way: Fractions, dicts, one key at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
RATES = (
    (Fraction(22, 100), "2026", "9999"),
    (Fraction(20, 100), "2019", "2026"),
    (Fraction(18, 100), "0000", "2019"),
    (Fraction(10, 100), "0000", "9999"),
    (Fraction(7, 100), "2025", "9999"),
    (Fraction(5, 100), "2025", "9999"),
)
TEST = {"test", "demo", "тест", "тестовый"}
REFUND = {"refund", "refunded", "возврат"}


def words(row: Row) -> set[str]:
    return set(f"{row['key']} {row['status'] or ''}".lower().replace("-", " ").split())


def minor(rows: list[Row]) -> list[int]:
    return [int(row["amount"] * 100) for row in rows if row["amount"] is not None]


def equal(a: int, b: int, tolerance: int) -> bool:
    return abs(a - b) <= tolerance


def reason_of_sums(a: list[Row], b: list[Row], tolerance: int, shares: set[tuple[bool, int]]) -> str:
    """The first reason that holds for two sums that differ."""
    amounts_a, amounts_b = minor(a), minor(b)
    sum_a, sum_b = sum(amounts_a), sum(amounts_b)
    rows = len(a) + len(b)
    if any(words(row) & TEST for row in (*a, *b)):
        return "test_sale"
    kept_a, kept_b = (sum(one for one in side if one > 0) for side in (amounts_a, amounts_b))
    given_back = amounts_a and amounts_b and min((*amounts_a, *amounts_b)) < 0
    if given_back and (equal(kept_a, kept_b, tolerance) or (sum_a and sum_a == -sum_b)):
        return "refund"
    if (sum_a == 0 and any(words(row) & REFUND for row in a)) or (sum_b == 0 and any(words(row) & REFUND for row in b)):
        return "refund"
    if not amounts_a or not amounts_b:
        return "missing"
    for many, few in ((a, b), (b, a)):
        same = {row["amount"] for row in many}
        repeats = len(few) == 1 and len(many) > 1 and len(same) == 1 and None not in same
        if repeats and equal(sum(minor(many)), sum(minor(few)) * len(many), tolerance):
            return "duplicate"
    if sum_a == sum_b * 100 or sum_b == sum_a * 100:
        return "factor_100"
    first = next((rows[0]["at"] for rows in (a, b) if rows[0]["at"] is not None), None)
    for rate, since, until in RATES:
        if first is not None and not since <= str(first.year) < until:
            continue
        for gross, net in ((sum_a, sum_b), (sum_b, sum_a)):
            if net and abs(net - gross / (1 + rate)) <= Fraction(rows, 2):
                return "vat"
    return "commission" if share_of(a, b) in shares else "unexplained"


def share_of(a: list[Row], b: list[Row]) -> tuple[bool, int] | None:
    """Which side is less, and the thousandths that it is of the other."""
    sum_a, sum_b = sum(minor(a)), sum(minor(b))
    large, small = (sum_a, sum_b) if abs(sum_b) < abs(sum_a) else (sum_b, sum_a)
    if abs(large) < 100_000 or small * large <= 0 or abs(small) * 2 > abs(large):
        return None
    share = int(Fraction(small * 1000, large) + Fraction(1, 2))
    near = abs(small - Fraction(large * share, 1000)) <= Fraction(len(a) + len(b), 2)
    return (abs(sum_b) < abs(sum_a), share) if share and near else None


def reason_of_days(a: datetime | None, b: datetime | None) -> str | None:
    if (a and a.date()) == (b and b.date()):
        return None
    if a is None or b is None:
        return "missing"
    apart = abs(a - b)
    whole = apart % timedelta(minutes=15) == timedelta()
    return "time_zone" if whole and apart <= timedelta(hours=14) else "date_shift"


def reconciled(a: list[Row], b: list[Row], tolerance: Decimal) -> dict[str, Any]:
    """matched, only_a, only_b, differences, lines and sums as sets and dicts."""
    limit = int(tolerance * 100)
    sides = [defaultdict(list), defaultdict(list)]
    for side, rows in zip(sides, (a, b), strict=True):
        for row in rows:
            if row["key"]:
                side[row["key"]].append(row)
    of_a, of_b = sides
    both = [key for key in of_a if key in of_b]

    def differ(key: str) -> bool:
        known = bool(minor(of_a[key])), bool(minor(of_b[key]))
        return known[0] != known[1] or not equal(sum(minor(of_a[key])), sum(minor(of_b[key])), limit)

    open_keys = [k for k in both if differ(k) and reason_of_sums(of_a[k], of_b[k], limit, set()) == "unexplained"]
    counted = Counter(share_of(of_a[k], of_b[k]) for k in open_keys)
    shares = {share for share, n in counted.items() if share and n >= 3 and n * 10 >= len(open_keys)}

    matched: dict[str, str | None] = {}
    differences: list[tuple[Any, ...]] = []
    lines: list[tuple[Any, ...]] = []

    def add_lines(key: str | None, left: list[Row], right: list[Row], reason: str) -> None:
        cells: dict[tuple[Any, Any], list[int]] = defaultdict(lambda: [0, 0])
        for place, rows in enumerate((left, right)):
            for row in rows:
                if row["amount"] is not None:
                    cells[cell_of(row)][place] += int(row["amount"] * 100)
        lines.extend((key, *cell, x, y, reason) for cell, (x, y) in cells.items() if x != y)

    for key in both:
        left, right = of_a[key], of_b[key]
        reason = reason_of_sums(left, right, limit, shares) if differ(key) else None
        matched[key] = reason
        if reason:
            differences.append((key, "amount", reason))
        single = len(left) == len(right) == 1
        by_days = reason_of_days(left[0]["at"], right[0]["at"]) if single else None
        if by_days:
            differences.append((key, "at", by_days))
        if single:
            for column, why in (("status", "status_conflict"), ("by", "value")):
                values = left[0][column], right[0][column]
                if values[0] != values[1]:
                    differences.append((key, column, "missing" if None in values else why))
        if reason is None:
            apart = sum(minor(left)) != sum(minor(right))
            reason = "within_tolerance" if apart else (by_days or "value") if single else "one_to_many"
        add_lines(key, left, right, reason)
    only: list[list[tuple[Any, ...]]] = [[], []]
    for place, (mine, theirs, rows) in enumerate(((of_a, of_b, a), (of_b, of_a, b))):
        for key, own in mine.items():
            if key in theirs:
                continue
            reason = ("only_a", "only_b")[place]
            amounts = minor(own)
            if any(words(row) & TEST for row in own):
                reason = "test_sale"
            elif (
                sum(amounts) < 0
                or (amounts and sum(amounts) == 0 and min(amounts) < 0)
                or any(words(row) & REFUND for row in own)
            ):
                reason = "refund"
            only[place] += [(key, row["amount"], reason) for row in own]
            add_lines(key, *((own, []) if place == 0 else ([], own)), reason)
        for row in rows:
            if not row["key"]:
                only[place].append((None, row["amount"], "blank_key"))
                add_lines(None, *(([row], []) if place == 0 else ([], [row])), "blank_key")
    sums: dict[tuple[Any, Any], list[int]] = defaultdict(lambda: [0, 0])
    for place, rows in enumerate((a, b)):
        for row in rows:
            sums[cell_of(row)][place] += 0 if row["amount"] is None else int(row["amount"] * 100)
    return {"matched": matched, "only": only, "differences": differences, "lines": lines, "sums": dict(sums)}


def cell_of(row: Row) -> tuple[str | None, str | None]:
    return row["by"], None if row["at"] is None else f"{row['at']:%Y-%m}"
