"""The kinds of fact and their fields, read from the one declaration (``include/dealtrail/facts/kinds.def``).

Only the declaration is shared with the library; what the kinds mean is written again in this package. A field is
(name, type, need):
type is text, integer, real, boolean, time, money, decimal, ``choice:a/b/c`` or ``->kind`` (a link). Need is "!" (a
row must have it),
"=" (a choice whose first value stands for "not said") or "" (may be null).
"""

from __future__ import annotations

import re
from pathlib import Path

Field = tuple[str, str, str]

INCLUDE = Path(__file__).parents[2] / "include"
NEEDS = {"needed": "!", "defaulted": "=", "optional": ""}


def _read() -> dict[str, list[Field]]:
    kinds: dict[str, list[Field]] = {}
    kind = ""
    index = (INCLUDE / "dealtrail/facts/kinds.def").read_text(encoding="utf-8")
    for part in re.findall(r'^#include "(.*)"', index, re.MULTILINE):
        text = (INCLUDE / part).read_text(encoding="utf-8")
        for macro, arguments in re.findall(r"^DEALTRAIL_(KIND|FIELD|TIME|LINK|CHOICE)\((.*)\)", text, re.MULTILINE):
            first, second, third = (word.strip().strip('"') for word in arguments.split(",")[:3])
            if macro == "KIND":
                kind, fields = first, []
                kinds[kind] = fields
            elif macro == "FIELD":
                fields.append((second, first, NEEDS[third]))
            elif macro == "TIME":
                fields.append((first, "time", NEEDS[second]))
                if third == "end":
                    ENDS.add((kind, first))
            elif macro == "LINK":
                fields.append((first, f"->{second}", NEEDS[third]))
            else:
                fields.append((first, f"choice:{third}", NEEDS[second]))
    return kinds


ENDS: set[tuple[str, str]] = set()
"""(kind, field) of times that end something: a date without a time is the last moment of its day."""
KINDS: dict[str, list[Field]] = _read()


def choices(field_type: str) -> list[str]:
    """List the values of ``choice:a/b/c``."""
    return field_type.removeprefix("choice:").split("/")
