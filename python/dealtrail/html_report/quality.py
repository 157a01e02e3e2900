"""What looks wrong in the data."""

from __future__ import annotations

import re

from dealtrail._remarks import UNKNOWN_TAGS
from dealtrail.html_report.figures import Figures, Row
from dealtrail.html_report.finding_words import FINDINGS
from dealtrail.html_report.words import kind_word
from dealtrail.html_report.writing import NO_VALUE, short

GRADES = ("error", "warning", "info")


def finding_rows(f: Figures) -> list[Row]:
    """Give the findings and the problems of journeys, errors first, in the reader's language."""
    rows = sorted(f.remarks, key=lambda row: (GRADES.index(row["severity"]), -row["count"], row["code"]))
    shown = []
    for row in rows:
        what, hint = FINDINGS.get(row["code"], (row["message"], row["hint"]))
        if f.lang == "en":
            what, hint = row["message"], row["hint"]
        elif row["code"] in UNKNOWN_TAGS and ":" in row["message"]:
            what = f"{what}: {row['message'].partition(':')[2].strip()}"
        shown.append(
            {
                "code": row["code"],
                "severity": row["severity"],
                "grade": f.words[row["severity"]],
                "rank": GRADES.index(row["severity"]),
                "what": what,
                "hint": hint or "",
                "where": f"{kind_word(row['kind'], f.lang)}: {row['column']}"
                if row["column"]
                else kind_word(row["kind"], f.lang),
                "count": f.writing.number(row["count"]),
                "value": row["count"],
                "first": short(row["first_ids"] or ""),
            }
        )
    return shown


def left_out(f: Figures) -> Row | None:
    """Tell which amounts are in no figure because their currency has no rate: loud when it is all of a kind."""
    lines, every, said = [], False, set()
    for row in f.trail.findings():
        if row["code"] != "foreign_currency":
            continue
        named = re.search(r"[A-Z]{3}(, [A-Z]{3})*(?= have no rate)", row["message"])
        currencies = named[0] if named else NO_VALUE
        said.update(currencies.split(", "))
        amounts = sum(fact["amount"] is not None for fact in f.rows_of(row["kind"], "amount"))
        every = every or row["count"] >= amounts
        figures = {"count": f.writing.number(row["count"]), "all": f.writing.number(amounts), "currencies": currencies}
        lines.append(f.words["left_out_of"].format(kind=kind_word(row["kind"], f.lang), **figures))
    if not lines:
        return None
    how = "all" if every else "some"
    return {
        "severity": "error" if every else "warning",
        "title": f.words[f"left_out_{how}"].format(currency=f.trail.currency),
        "lines": lines,
        "hint": f.words[f"left_out_{how}_cure"].format(one=said.pop() if len(said) == 1 else "…"),
    }
