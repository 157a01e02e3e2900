"""What looks wrong in the data."""

from __future__ import annotations

from dealtrail.html_report.figures import Figures, Row
from dealtrail.html_report.words import FINDINGS, kind_word
from dealtrail.html_report.writing import short

GRADES = ("error", "warning", "info")


def finding_rows(f: Figures) -> list[Row]:
    """Give the findings, errors first, in the reader's language."""
    rows = sorted(f.trail.findings(), key=lambda row: (GRADES.index(row["severity"]), -row["count"], row["code"]))
    shown = []
    for row in rows:
        what, cure = FINDINGS.get(row["code"], (row["message"], row["cure"]))
        if f.lang == "en":
            what, cure = row["message"], row["cure"]
        shown.append(
            {
                "code": row["code"],
                "severity": row["severity"],
                "grade": f.words[row["severity"]],
                "rank": GRADES.index(row["severity"]),
                "what": what,
                "cure": cure or "",
                "where": f"{kind_word(row['kind'], f.lang)}: {row['column']}"
                if row["column"]
                else kind_word(row["kind"], f.lang),
                "count": f.writing.number(row["count"]),
                "value": row["count"],
                "first": short(row["first_ids"] or ""),
            }
        )
    return shown
