"""The report: one HTML file that needs no network, for people who do not program."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealtrail._core import __version__
from dealtrail._files import write_whole
from dealtrail._types import Moment, View
from dealtrail.errors import InvalidArgumentError
from dealtrail.html_report.charts import MISSING, charts, drawing_code
from dealtrail.html_report.words import Lang

if TYPE_CHECKING:
    from dealtrail.trail import Trail

__all__ = ["report"]

HERE = Path(__file__).parent
SECTIONS = ("changed", "channels", "attribution", "announcements", "events", "people", "quality")
TILES = ("cost", "registrations", "came", "cost_per_attendee", "deals", "won", "amount_won", "roi_revenue")


def report(
    trail: Trail,
    file: str | os.PathLike[str],
    *,
    lang: Lang = "ru",
    view: View = "marketing",
    as_of: Moment = None,
) -> None:
    """Write the report of a Trail: channels, announcements, events, people, data quality, in one HTML file.

    The file asks nothing of a network. It carries whole numbers that add up (``card_parts``) by month, channel, brand
    and manager; its filters add them and divide, so they show what ``Trail.cards`` of that cut would. What does not
    add up is shown whole and says so. Names from the data are text in it, never code. See ``docs/report.md``.

    Parameters
    ----------
    trail
        The facts.
    file
        Where to write; a file that is there is replaced when the new one is whole.
    lang
        ``ru`` or ``en``: texts, and how numbers and dates are written.
    view, as_of
        As for ``Trail.cards``.

    Raises
    ------
    ImportError
        Altair, vl-convert-python or Jinja2 is not there: ``pip install 'dealtrail[report]'``.
    InvalidArgumentError
        No such language.
    OSError
        The file cannot be written.
    """
    text = page(trail, lang=lang, view=view, as_of=as_of)
    write_whole(Path(file), text.encode())


def page(trail: Trail, *, lang: Lang, view: View, as_of: Moment) -> str:
    """Give the report as the text of one HTML file."""
    try:
        import jinja2
        import markupsafe
    except ImportError as error:
        raise ImportError(MISSING.format("Jinja2")) from error
    from dealtrail.html_report.additive import additive
    from dealtrail.html_report.apart import APART
    from dealtrail.html_report.attribution import MODELS, PARTS, goals
    from dealtrail.html_report.changed import changed
    from dealtrail.html_report.definitions import definitions
    from dealtrail.html_report.events import exit_counts, funnel_rows, goal_rows, pace_rows
    from dealtrail.html_report.figures import COLUMNS, EVENT_COLUMNS, Figures, with_came
    from dealtrail.html_report.people import new_faces
    from dealtrail.html_report.quality import finding_rows, left_out
    from dealtrail.html_report.traces import traces, untraced

    if lang not in ("ru", "en"):
        raise InvalidArgumentError(f"no such language: {lang!r}; ru or en", "invalid_argument", hint="ru or en")
    f = Figures(trail, lang, view, as_of)
    cards = [with_came(row) for row in f.channels]
    months = [with_came(row) for row in f.cards("month")]
    events = [with_came(row) | _day(f, row["key"]) for row in f.cards("event") if f.is_top(row)]
    events.sort(key=lambda row: (row["at"] != "", row["at"], row["key"]), reverse=True)
    nowhere = next((row for row in f.cards("event") if row["key"] == "(unattributed)"), None)
    if nowhere is not None and any(
        nowhere[figure] for figure in (*EVENT_COLUMNS, "attended", "walk_ins") if figure != "came"
    ):
        events.append(with_came(nowhere) | _day(f, nowhere["key"]))
    credit = goals(f)
    terms = definitions(lang)
    carried = {
        **additive(f),
        "lang": lang,
        "digits": f.writing.digits,
        "thousands": f.writing.thousands,
        "point": f.writing.point,
        "words": f.words,
        "titles": f.titles,
        "tiles": TILES,
        "card_columns": COLUMNS,
        "event_columns": EVENT_COLUMNS,
        "charts": charts(f.words, f.titles, f.writing.symbol),
        "credit": {one["goal"]: {"title": one["title"], **one["drawn"]} for one in credit},
        "terms": terms,
        "apart": APART,
    }
    shown: dict[str, Any] = {
        "changed": changed(f),
        "traces": traces(f),
        "traces_rest": untraced(f),
        "funnel": funnel_rows(f),
        "exits": exit_counts(f),
        "pace": pace_rows(f),
        "goals": goal_rows(f),
        "faces": new_faces(f),
        "credit": credit,
        "models": MODELS,
        "sentence": _sentence,
        "parts": PARTS,
        "findings": finding_rows(f),
        "left_out": left_out(f),
        "apart": f.apart(),
        "terms": terms,
    }
    total = cards[-1]
    there = {
        "changed": shown["changed"],
        "attribution": credit,
        "announcements": any(total[name] for name in ("announcements", "cost", "amount_won")),
        "events": events or shown["funnel"] or shown["pace"] or shown["goals"],
        "people": total["came"],
    }
    code = _script(drawing_code())
    style = (HERE / "page.css").read_text(encoding="utf-8")
    script = (HERE / "page.js").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    sections = [name for name in SECTIONS if there.get(name, True)]
    return environment.get_template("page.html").render(
        lang=lang,
        version=__version__,
        policy=_policy([code, script], [style]),
        w=f.words,
        f=f,
        meta=f.meta,
        sections=sections,
        titles={**f.words, "announcements": f.words["announcements_over_time"]},
        tiles=TILES,
        columns=COLUMNS,
        event_columns=EVENT_COLUMNS,
        cards=cards[:-1],
        total=total,
        months=months[:-1],
        events=events,
        data=markupsafe.Markup(_json(carried)),
        style=markupsafe.Markup(style),
        drawing=markupsafe.Markup(code),
        script=markupsafe.Markup(script),
        notices=markupsafe.Markup((HERE / "notices.txt").read_text(encoding="utf-8")),
        **shown,
    )


def _sentence(line: dict[str, Any]) -> Any:
    """Give a sentence with its names and figures, each with a direction of its own."""
    from markupsafe import Markup

    one = Markup("<bdi>{}</bdi>")
    return Markup.escape(line["text"]).format(**{name: one.format(of) for name, of in line.items() if name != "text"})


def _day(figures: Any, event: str) -> dict[str, Any]:
    at = (figures.events.get(event) or {}).get("starts_at")
    return {"date": figures.writing.date(at), "at": at.timestamp() if at else ""}


def _script(code: str) -> str:
    """Give code as it can stand in a page: its names are its own, and it does not end its element."""
    lines = code.replace("\r\n", "\n").replace("\r", "\n").replace("<!--", "<\\!--")
    return "(() => {" + re.sub("</(?=script)", "<\\\\/", lines, flags=re.IGNORECASE) + "})();"


def _json(value: Any) -> str:
    """Give JSON that can stand in a page: nothing in it opens or closes an element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _policy(scripts: list[str], styles: list[str]) -> str:
    """Give the content security policy: our own scripts and styles by their hashes, and nothing else."""

    def hashes(texts: list[str]) -> str:
        digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
        return " ".join(f"'sha256-{digest}'" for digest in digests)

    ours = f"script-src {hashes(scripts)}; style-src {hashes(styles)}"
    return f"default-src 'none'; {ours}; base-uri 'none'; form-action 'none'"
