"""Writes what follows from the declaration of kinds: python/dealtrail/kinds.py and docs/facts/kinds.md.

Run it after a change of include/dealtrail/facts/kinds/, with the package built:
`.venv/bin/python bindings/generate.py`. A test compares the two files with what it would write.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from dealtrail import _core

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 120
NO_BREAK = "\N{NO-BREAK SPACE}"

PYTHON_TYPES = {
    "text": "str",
    "integer": "int",
    "real": "float",
    "boolean": "bool | str",
    "time": "datetime | date | str",
    "money": "Decimal | int | float | str",
    "decimal": "Decimal | int | float | str",
    "link": "str",
}

MODULE_HEAD = '''"""Kinds of fact: their names, and a typed dict for a row of each.

Generated from the declaration of kinds by bindings/generate.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from typing_extensions import Required

# A field a line would be a page too long.
# ruff: noqa: UP013
# fmt: off
'''

PAGE_HEAD = """# Kinds of fact

Generated from `facts/kinds/*.def` by `bindings/generate.py`; requirement SP.7.
A kind is a table: C++ struct, Python dict, Arrow table and page have the same names. Every kind has `id` (text; a row
without one gets an id from its content) and `version` (integer, may be null: when the source last changed it) besides,
and own columns that you declare. What is kept of an id: [trail](trail.md); what figures count: [cards](cards.md).

*needed*: a row without it is left out and listed. *default*: the first choice stands where the source does not say.
Money is in major units at the door (text, whole number, decimal or float; one finer than a minor unit is rounded and
listed); a time is ISO 8601 text or a timestamp, without a zone a wall clock of the Trail's zone; a link holds the `id`
of a fact of another kind, which may come later.
"""


def python_type(field: dict[str, Any]) -> str:
    """Give the annotation of one field, as text inside a functional TypedDict."""
    if field["type"] == "choice":
        base = "Literal[" + ", ".join(f"'{choice}'" for choice in field["choices"]) + "]"
    else:
        base = PYTHON_TYPES[field["type"]]
    return f"Required[{base}]" if field["need"] == "needed" else f"{base} | None"


def python_module(kinds: list[dict[str, Any]]) -> str:
    """Give the text of python/dealtrail/kinds.py."""
    lines = ["KindName: TypeAlias = Literal["]
    lines += [f'    "{kind["name"]}",' for kind in kinds]
    lines += ["]", '"""Name of a kind of fact."""', ""]
    for kind in kinds:
        fields = ['"id": "str | None",', '"version": "int | None",']
        fields += [f'"{field["name"]}": "{python_type(field)}",' for field in kind["fields"]]
        lines.append(f'{kind["struct_name"]} = TypedDict("{kind["struct_name"]}", {{')
        lines += textwrap.wrap(" ".join(no_break(fields)), WIDTH, initial_indent="    ", subsequent_indent="    ")
        lines += ["}, total=False)", f'"""{kind["meaning"]}."""', ""]
    return (MODULE_HEAD + "\n".join(lines)).replace(NO_BREAK, " ")


def no_break(fields: list[str]) -> list[str]:
    """Give the same texts with blanks that textwrap leaves alone."""
    return [field.replace(" ", NO_BREAK) for field in fields]


def page(kinds: list[dict[str, Any]]) -> str:
    """Give the text of docs/facts/kinds.md."""
    lines = [PAGE_HEAD]
    for kind in kinds:
        lines += [f"## {kind['name']}", f"{kind['meaning']}. C++ `{kind['struct_name']}`.", ""]
        lines += ["| field | type | | meaning |", "|---|---|---|---|"]
        for field in kind["fields"]:
            type_ = field["type"]
            if field["choices"]:
                type_ = "/".join(f"`{choice}`" for choice in field["choices"])
            if field["target"]:
                type_ = f"link to [{field['target']}](#{field['target']})"
            need = {"needed": "needed", "defaulted": "default", "optional": ""}[field["need"]]
            lines.append(f"| {field['name']} | {type_} | {need} | {field['meaning']} |")
        lines.append("")
    return "\n".join(lines)


def generated() -> dict[Path, str]:
    """Give every generated file with its text."""
    kinds = _core.describe_kinds()
    return {ROOT / "python/dealtrail/kinds.py": python_module(kinds), ROOT / "docs/facts/kinds.md": page(kinds)}


if __name__ == "__main__":
    for path, text in generated().items():
        path.write_text(text, encoding="utf-8", newline="\n")
