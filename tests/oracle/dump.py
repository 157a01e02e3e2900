"""Write a history and the oracle's cards as JSON Lines, for a driver in any language.

``python -m tests.oracle.dump --seed 7 [--size 150] [--every 30] [--live]`` prints one object a line:

* ``{"trail": {seed, currency, zone, vat, lookback_days, rules}}`` first;
* ``{"put": kind, "stub": bool, "rows": [...]}``, ``{"remove": kind, "id": ..., "version": ...}`` or ``{"merge": kind,
"one", "other"}``;
* ``{"cards": by, "after": operations so far, "view", "clock", "now", "rows": [...]}`` after every ``--every``
operations and at the end.

Money in rows of facts is text in major units, in cards whole minor units; times are ISO 8601 (without an offset: a
wall clock of the
zone); decimals are text; ratios are ``[numerator, denominator]``, costs per something in major units. ``--live`` has
facts without
versions and merges, which law 1 does not speak of.
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .cards import tables
from .histories import Operation, history
from .trail import OracleTrail


def plain(value: Any) -> Any:
    """One value as JSON has it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return [value.numerator, value.denominator]
    raise TypeError(type(value).__name__)


def line_of(operation: Operation) -> dict[str, Any]:
    """One operation as a line."""
    if operation.verb in ("put", "stub"):
        return {"put": operation.kind, "stub": operation.verb == "stub", "rows": list(operation.rows)}
    if operation.verb == "remove":
        return {"remove": operation.kind, "id": operation.id, "version": operation.version}
    return {"merge": operation.kind, "one": operation.id, "other": operation.other}


def main() -> None:
    """Print a history and its cards."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=150)
    parser.add_argument("--every", type=int, default=30)
    parser.add_argument("--live", action="store_true")
    options = parser.parse_args()

    def write(line: dict[str, Any]) -> None:
        print(json.dumps(line, ensure_ascii=False, default=plain))

    made = history(options.seed, options.size, versioned=not options.live)
    trail = OracleTrail(made.currency, made.zone, made.vat_basis, made.lookback_days, made.max_per_key)
    trail.rules = made.rules
    about = {"seed": made.seed, "currency": made.currency, "zone": made.zone, "vat": made.vat_basis}
    write({"trail": {**about, "lookback_days": made.lookback_days, "rules": made.rules}})
    for place, operation in enumerate(made.operations, start=1):
        operation.apply(trail)
        write(line_of(operation))
        if place % options.every and place != len(made.operations):
            continue
        for view, clock in (("marketing", "activity"), ("finance", "placement"), ("marketing", "approval")):
            state, postings = trail.state(), trail.postings(view, clock)
            for by, rows in tables(state, postings).items():
                write({"cards": by, "after": place, "view": view, "clock": clock, "now": trail.now(), "rows": rows})


if __name__ == "__main__":
    main()
