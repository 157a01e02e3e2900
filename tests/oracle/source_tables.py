"""The tables about sources (docs/sources/sources.md): why a fact has its source, numbers, missed calls, venues."""

from __future__ import annotations

from typing import Any

from .cards import tables
from .door import Row
from .identity import is_placeholder
from .sources import (
    DAY_US,
    STEPS,
    Key,
    Source,
    all_keys,
    closeness,
    code_form,
    in_span,
    led_by,
    matches,
    number_form,
    own_source,
    referrer_form,
    routed,
    source_of_announcement,
    source_of_touch,
    valid,
    visit_of_call,
)
from .state import State
from .trail import OracleTrail

REASONS = ("no_key", "unknown_key", "missing_link", "no_visit", "not_valid_then", "tie")
UTM_FIELDS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")


def name_order(key: Key) -> tuple[bool, str]:
    """The order in which of several keys one is named."""
    return (key.row_id is None, key.row_id or key.source.announcement or "")


def explain_touch(state: State, touch: Row) -> Row:
    """The source of a touch with the rule and key that gave it."""
    own = own_source(state, touch)
    if own.decided:
        return {"source": own, "rule": "channel" if own.announcement is None else "announcement"}
    usable = [key for key in all_keys(state) if valid(key, touch["at"]) and matches(key, touch)]
    for step, kinds in STEPS.items():
        led = [key for key in usable if key.kind in kinds and led_by(state, key, touch).decided]
        led = [key for key in led if closeness(key) == max(map(closeness, led))]
        if not led:
            continue
        key = min(led, key=name_order)
        sources = {led_by(state, one, touch) for one in led}
        tie = len(sources) > 1 or any(source.ended for source in sources)
        visit = visit_of_call(state, touch) if key.kind == "number_pool" else None
        if visit is not None and not source_of_touch(state, visit).decided:
            visit = None
        return {
            "source": Source(ended=True) if tie else sources.pop(),
            "rule": "ambiguous" if tie else "number_pool" if key.kind == "number_pool" else step,
            "key": key.said,
            "key_id": key.row_id,
            "visit": visit and visit["id"],
        }
    return {"source": Source(), "rule": "none"}


def explain(state: State, kind: str, row: Row, seen: tuple[str, ...] = ()) -> Row:
    """The same for a registration, lead or deal."""
    if kind == "touches":
        return explain_touch(state, row)
    own = own_source(state, row)
    if own.decided:
        return {"source": own, "rule": "channel" if own.announcement is None else "announcement"}
    links = [("touch", "touches", "touch")]
    if kind == "deals":
        links += [
            ("registration", "registrations", "registration"),
            ("lead", "leads", "lead"),
            ("parent", "deals", "sale"),
        ]
    for field, target, rule in links:
        linked = state.find(target, row[field])
        if linked is None or (target == "deals" and linked["id"] in (*seen, row["id"])):
            continue
        found = explain(state, target, linked, (*seen, row["id"]) if target == "deals" else ())
        if found["source"].ended:
            return found
        if found["source"].decided:
            through_key = target == "touches" and found["rule"] not in ("announcement", "channel")
            return {**found, "rule": found["rule"] if through_key else rule}
    return {"source": Source(), "rule": "none"}


def why_touch(state: State, touch: Row) -> str:
    """Why a touch has no source: the last of REASONS that holds."""
    if source_of_touch(state, touch).ended:
        return "tie"
    reasons = {"no_key"}
    links = [("announcement", "announcements"), ("channel", "channels")]
    if any(touch[field] is not None and state.find(kind, touch[field]) is None for field, kind in links):
        reasons.add("missing_link")
    carried = ["promo_code", "form", "referrer", *UTM_FIELDS] + ["dialled_number"] * (touch["kind"] != "visit")
    if any(touch[field] for field in carried):
        reasons.add("unknown_key")
    for key in all_keys(state):
        if not matches(key, touch):
            continue
        if not valid(key, touch["at"]):
            reasons.add("not_valid_then")
        elif key.row_id is not None:
            row = state.find("source_keys", key.row_id) or {}
            reasons.add("no_visit" if row["announcement"] is None and row["channel"] is None else "missing_link")
    return max(reasons, key=REASONS.index)


def why(state: State, kind: str, row: Row, seen: tuple[str, ...] = ()) -> str:
    """Why a fact has no source."""
    if kind == "touches":
        return why_touch(state, row)
    links = [("announcement", "announcements"), ("channel", "channels"), ("touch", "touches")]
    if kind == "deals":
        links += [("registration", "registrations"), ("lead", "leads"), ("parent", "deals")]
    reasons = {"no_key"}
    for field, target in links:
        linked = state.find(target, row[field])
        if linked is None:
            reasons |= {"missing_link"} if row[field] is not None else set()
        elif target not in ("announcements", "channels") and not (
            target == "deals" and linked["id"] in (*seen, row["id"])
        ):
            reasons.add(why(state, target, linked, (*seen, row["id"])))
    return max(reasons, key=REASONS.index)


def said(state: State, kind: str, row: Row | None, what: str) -> str | None:
    """The brand or pipeline of a fact: its own, its touch's, its registration's, its lead's."""
    if row is None:
        return None
    if row.get(what) is not None:
        return str(row[what])
    touch = row if kind == "touches" else state.find("touches", row["touch"])
    if touch is not None and touch.get(what) is not None:
        return str(touch[what])
    found = routed(state, touch, lambda key: key.brand if what == "brand" else key.pipeline)
    if found is None and kind == "deals":
        found = said(state, "registrations", state.find("registrations", row["registration"]), what)
        if found is None:
            found = said(state, "leads", state.find("leads", row["lead"]), what)
    return found


def sources_table(state: State, kind: str) -> list[Row]:
    """Rows of ``sources``."""
    rows = []
    for row in state.all(kind):
        found = explain(state, kind, row)
        source: Source = found["source"]
        announcement = state.find("announcements", source.announcement) or {}
        brand = said(state, kind, row, "brand")
        rows.append(
            {
                "id": row["id"],
                "at": row["created_at"] if kind in ("leads", "deals") else row["at"],
                "rule": found["rule"],
                "key": found.get("key"),
                "key_id": found.get("key_id"),
                "visit": found.get("visit"),
                "channel": source.channel,
                "announcement": source.announcement,
                "brand": announcement.get("brand") if brand is None else brand,
                "pipeline": said(state, kind, row, "pipeline"),
                "why": None if source.channel or source.announcement else why(state, kind, row),
            }
        )
    return rows


def unmeasurable(state: State) -> list[str]:
    """Ids of announcements that nothing leads to."""
    named = {key.source.announcement for key in all_keys(state) if well_formed(key)}
    for kind in ("touches", "registrations", "leads", "deals", "invitations"):
        named |= {row["announcement"] for row in state.all(kind)}
    return [row["id"] for row in state.all("announcements") if row["status"] != "cancelled" and row["id"] not in named]


# --- numbers ---


def covers(key: Key, number: str) -> bool:
    """Whether a number key covers a number in its form."""
    value = key.wanted["dialled_number"]
    return in_span(value, number) if key.is_span else number_form(value) == number


def well_formed(key: Key) -> bool:
    """Whether a key is one at all: a span that covers nothing is none."""
    if not key.is_span:
        return True
    value = key.wanted["dialled_number"]
    probe = value[:-1] if value.endswith("*") else value.split("..", 1)[0]
    probe = number_form(probe) if ".." in value else "".join(c for c in probe if c not in " ()-")
    probe = "+" + probe[2:] if probe.startswith("00") else probe
    probe = "+7" + probe[1:] if probe[:1] in ("7", "8") else probe
    return in_span(value, probe)


def number_text(key: Key) -> str:
    """A number in its form, a span as it is stated."""
    value = key.wanted["dialled_number"]
    return value if key.is_span else number_form(value)


def person_mark(state: State, person: str) -> str:
    """A person of any card of theirs."""
    return "p" + state.cluster("people", person)


def marks(state: State, touch: Row) -> list[str]:
    """Whom a touch names, the surest first."""
    found = [person_mark(state, touch["person"])] if touch["person"] is not None else []
    found += ["t" + number_form(touch["phone"])] if touch["phone"] else []
    client = touch["client_id"]
    return found + (["c" + client] if client and not is_placeholder(client) else [])


def caller(state: State, touch: Row) -> str:
    """One name for who called."""
    return next(iter(marks(state, touch)), "?" + touch["id"])


def within(at: int | None, start: int | None, end: int | None) -> bool:
    """Whether a moment lies in [start, end), open where None; an unknown one only where both are open."""
    if at is None:
        return start is None and end is None
    return (start is None or at >= start) and (end is None or at < end)


def later(*moments: int | None) -> int | None:
    """The latest, where None is the beginning of time."""
    return max((moment for moment in moments if moment is not None), default=None)


def sooner(*moments: int | None) -> int | None:
    """The earliest, where None is the end of time."""
    return min((moment for moment in moments if moment is not None), default=None)


def phone_audit(trail: OracleTrail, window_days: int = 30) -> list[tuple[Any, ...]]:
    """(problem, number, key id, to key id, from, until, ids of calls, callers, cost) of each problem."""
    state, now = trail.state(), trail.now()
    keys = [key for key in all_keys(state) if key.kind in ("number", "number_pool") and well_formed(key)]
    calls = [touch for touch in state.all("touches") if touch["dialled_number"] and touch["kind"] != "visit"]
    calls.sort(key=lambda call: (call["at"] is not None, call["at"], call["id"]))
    found: list[tuple[Any, ...]] = []

    def add(
        problem: str, number: str, pair: tuple[Key | None, Key | None], span: tuple[Any, Any], of: list[Row], cost: Any
    ) -> None:
        key, other = pair
        found.append(
            (
                problem,
                number,
                key and key.row_id,
                other and other.row_id,
                *span,
                [call["at"] for call in (of[:1] + of[-1:])],
                len(of),
                len({caller(state, call) for call in of}),
                cost,
            )
        )

    def called(key: Key, start: int | None, end: int | None) -> list[Row]:
        return [
            call
            for call in calls
            if covers(key, number_form(call["dialled_number"])) and within(call["at"], start, end)
        ]

    for number in sorted({number_form(call["dialled_number"]) for call in calls}, key=str.encode):
        lost = [
            call
            for call in calls
            if number_form(call["dialled_number"]) == number
            and not any(covers(key, number) and valid(key, call["at"]) for key in keys)
        ]
        if lost:
            key = min((key for key in keys if covers(key, number)), key=name_order, default=None)
            add("unknown", number, (key, None), (None, None), lost, None)

    by_number = sorted(keys, key=lambda key: (number_text(key).encode(), name_order(key)))
    cards = tables(state, trail.postings())
    costs = {by: {row["key"]: row["cost"] or 0 for row in cards[by]} for by in ("channel", "announcement")}
    for key in by_number:
        if not key.source.decided or now is None:
            continue
        where = key.source.announcement
        cost = costs["announcement"][where] if where is not None else costs["channel"][key.source.channel]
        published = (state.find("announcements", where) or {}).get("published_at")
        start = later(now - window_days * DAY_US, key.start, published)
        end = None if key.until is None else min(key.until, now)
        assert start is not None
        if cost > 0 and start <= now and (end is None or start < end) and not called(key, start, end):
            add("silent", number_text(key), (key, None), (start, end), [], cost)

    for after in by_number:
        if not after.source.decided or after.start is None:
            continue
        ended = [
            key
            for key in keys
            if key is not after
            and number_text(key) == number_text(after)
            and key.source.decided
            and key.until is not None
            and key.until <= after.start
        ]
        if not ended:
            continue
        before = min(ended, key=lambda key: (-(key.until or 0), name_order(key)))
        if before.source == after.source:
            continue
        old = {caller(state, call) for call in called(before, before.start, before.until)}
        still = [call for call in called(after, after.start, after.until) if caller(state, call) in old]
        add("moved", number_text(after), (before, after), (after.start, after.until), still, None)

    for one, other in overlapping(keys):
        start, end = later(one.start, other.start), sooner(one.until, other.until)
        both = [call for call in called(one, start, end) if call in called(other, start, end)]
        add("double", number_text(one), (one, other), (start, end), both, None)
    return found


def meet(one: Key, other: Key) -> bool:
    """Whether two keys of the Trail may match one touch equally closely."""
    step = next(kinds for kinds in STEPS.values() if one.kind in kinds)
    if other.kind not in step or one.is_span != other.is_span:
        return False
    if one.kind == "utm":
        return one.wanted == other.wanted
    if one.kind in ("number", "number_pool"):
        return number_text(one) == number_text(other) if not one.is_span else spans_meet(one, other)
    if one.kind == "referrer":
        return referrer_form(one.wanted["referrer"]) == referrer_form(other.wanted["referrer"])
    if one.kind == "promo_code":
        return code_form(one.wanted["promo_code"]) == code_form(other.wanted["promo_code"])
    return next(iter(one.wanted.values())) == next(iter(other.wanted.values()))


def spans_meet(one: Key, other: Key) -> bool:
    """Whether two spans of the histories have a number in common, tried number by number."""
    return any(covers(one, f"+7495000{last:04d}") and covers(other, f"+7495000{last:04d}") for last in range(20))


def overlapping(keys: list[Key]) -> list[tuple[Key, Key]]:
    """Pairs of keys that are valid at once, match the same touches, and lead elsewhere."""
    in_order = [key for key in keys if key.source.decided and well_formed(key)]
    return [
        (one, other)
        for place, one in enumerate(in_order)
        for other in in_order[place + 1 :]
        if meet(one, other)
        and one.source != other.source
        and (one.until is None or other.start is None or other.start < one.until)
        and (other.until is None or one.start is None or one.start < other.until)
    ]


# --- missed ---


def contact_times(state: State) -> list[tuple[int, str, str, set[str]]]:
    """(time, kind, id, whom with) of every answered request and every activity that happened."""
    found: list[tuple[int | None, str, str, set[str]]] = [
        (touch["at"], "touches", touch["id"], names(state, touch))
        for touch in state.all("touches")
        if touch["kind"] in ("call", "form", "chat") and touch["answered"]
    ]
    for row in state.all("activities"):
        at = row["done_at"]
        if at is None and row["due_at"] is None and row["kind"] not in (None, "task"):
            at = row["at"]
        deal = state.find("deals", row["deal"]) or {}
        leads = [state.find("leads", row["lead"]) or {}, state.find("leads", deal.get("lead")) or {}]
        people = {fact.get("person") for fact in (row, deal, *leads)} - {None}
        touches = {fact.get("touch") for fact in (deal, *leads)} - {None}
        whom = {person_mark(state, str(person)) for person in people} | {f"u{touch}" for touch in touches}
        found.append((at, "activities", row["id"], whom))
    return [(at, kind, fact, whom) for at, kind, fact, whom in found if at is not None]


def names(state: State, touch: Row) -> set[str]:
    """All names of who is behind a touch, with the people whose phone it is."""
    found = set(marks(state, touch))
    if touch["phone"] is not None:
        found |= {
            person_mark(state, point["person"])
            for point in state.all("contact_points")
            if point["kind"] == "phone"
            and point["person"] is not None
            and point["value"] is not None
            and number_form(point["value"]) == number_form(touch["phone"])
        }
    return found


def missed(trail: OracleTrail) -> list[Row]:
    """Rows of ``missed``."""
    state, now = trail.state(), trail.now()
    contacts = contact_times(state)
    channels = {row["key"]: row for row in tables(state, trail.postings())["channel"]}
    rows = []
    for touch in sorted(state.all("touches"), key=lambda row: (row["at"] or 0, row["id"])):
        kind, at = touch["kind"], touch["at"]
        if at is None or now is None or at > now or kind not in ("call", "form", "chat") or touch["answered"]:
            continue
        if kind == "call" and touch["answered"] is None:
            continue
        whom = names(state, touch) | {"u" + touch["id"]}
        # "activities" is declared after "touches", so at one moment touches come first.
        later_ones = [
            (when, source == "activities", fact)
            for when, source, fact, with_ in contacts
            if when >= at and with_ & whom
        ]
        answer = min(later_ones, default=None)
        source = source_of_touch(state, touch)
        card = channels[source.channel or "(unattributed)"]
        announcement = state.find("announcements", source.announcement) or {}
        brand = said(state, "touches", touch, "brand")
        rows.append(
            {
                "touch": touch["id"],
                "at": at,
                "answered_at": answer and answer[0],
                "answered_by": answer and answer[2],
                "minutes_waited": ((answer[0] if answer else now) - at) / 60e6,
                "channel": source.channel,
                "announcement": source.announcement,
                "brand": announcement.get("brand") if brand is None else brand,
                "pipeline": said(state, "touches", touch, "pipeline"),
                "manager": touch["manager"],
                "won_of_channel": card["amount_won"],
                "leads_of_channel": card["leads"],
            }
        )
    return rows


# --- venues ---


def venue_report(trail: OracleTrail, by: str) -> list[Row]:
    """Rows of ``venue_report`` but the total: sums of the reports and our counts, by key."""
    state = trail.state()
    cards = {row["key"]: row for row in tables(state, trail.postings())[by]}
    reports: dict[str | None, list[Row]] = {}
    for row in state.all("placement_reports"):
        announcement = state.present("announcements", row["announcement"])
        key = announcement
        if by == "channel":
            of = source_of_announcement(state, announcement)
            key = of.channel if announcement is not None else state.present("channels", row["channel"])
        reports.setdefault(key, []).append(row)
    result = []
    for key in sorted(reports, key=lambda key: (key is None, (key or "").encode())):
        rows = reports[key]

        def total(field: str, rows: list[Row] = rows) -> int | None:
            given = [row[field] for row in rows if row[field] is not None]
            return sum(given) if given else None

        clicks = [
            touch
            for touch in state.all("touches")
            if touch["kind"] in ("click", "visit") and getattr(source_of_touch(state, touch), by) == key
        ]
        card = cards[key] if key is not None else None
        result.append(
            {
                "key": key or "(unattributed)",
                "reports": len(rows),
                "impressions": total("impressions"),
                "clicks": total("clicks"),
                "registrations_claimed": total("registrations_claimed"),
                "cost_reported": total("cost"),
                "reach": max((row["reach"] for row in rows if row["reach"] is not None), default=None),
                "clicks_ours": None if card is None else len(clicks),
                "registrations": card and card["registrations"],
                "attended": card and card["attended"],
                "cost": card and card["cost"],
            }
        )
    return result
