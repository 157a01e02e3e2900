"""Writes what follows from the declaration of kinds: python/dealtrail/kinds.py and docs/facts/kinds.md.

Run it after a change of include/dealtrail/facts/kinds/ or of profiles/, with the package built:
`.venv/bin/python bindings/generate.py`. A test compares the files with what it would write.
"""

from __future__ import annotations

import json
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

Generated from `facts/kinds/*.def` by `bindings/generate.py`.
A kind is a table: the C++ struct, the Python dict, the Arrow table and this page use the same names.
Every kind also has `id` (text; a row without one gets an id made from its content) and `version` (integer or null: when
the source last changed the fact), and the own columns that you declare.
What is kept of an id: [trail](../trail/trail.md). What the figures count: [cards](../cards/cards.md).
Words: [glossary](../glossary.md).

*needed*: a row without it is left out and listed. *default*: the first choice is used where the source gives none.
Money is read in major units (text, whole number, decimal or float); an amount finer than a minor unit is rounded and
listed.
A time is ISO 8601 text or a timestamp; without a zone it is local time in the Trail's zone.
A date without a time is that day: in a field marked *end* it is kept as the day's last microsecond in the Trail's zone
and shown as a date, in every other it is the day's first moment.
A link holds the `id` of a fact of another kind, which may arrive later.
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
            if field["day"] == "end":
                type_ = "time, end"
            if field["target"]:
                type_ = f"link to [{field['target']}](#{field['target']})"
            need = {"needed": "needed", "defaulted": "default", "optional": ""}[field["need"]]
            lines.append(f"| {field['name']} | {type_} | {need} | {field['meaning']} |")
        lines.append("")
    return "\n".join(lines)


PROFILES_HEAD = """#pragma once

#include <array>
#include <string_view>

// Generated from `profiles/*.json` by `bindings/generate.py`; a test compares the two.
namespace dealtrail::detail {

struct BuiltInProfile {
  std::string_view name;
  std::string_view json;
};

"""


def raw_string(profile: str) -> str:
    """Give a JSON document as one raw string literal, broken after commas between tokens."""
    compact = json.dumps(json.loads(profile), ensure_ascii=False, separators=(",", ":"))
    lines, line, in_text, escaped = [], "", False, False
    for letter in compact:
        line += letter
        if in_text:
            in_text, escaped = letter != '"' or escaped, letter == "\\" and not escaped
        elif letter == '"':
            in_text = True
        elif letter == "," and len(line) > WIDTH - 24:
            lines.append(line)
            line = ""
    return 'R"json(' + "\n".join([*lines, line]) + ')json"'


def profiles_header() -> str:
    """Give the text of the header with every built-in profile, by name."""
    files = sorted((ROOT / "profiles").glob("*.json"))
    rows = [f'    {{"{file.stem}", {raw_string(file.read_text(encoding="utf-8"))}}},' for file in files]
    array = f"inline constexpr std::array<BuiltInProfile, {len(files)}> built_in_profiles{{{{\n"
    head = f"{PROFILES_HEAD}// clang-format off\n{array}"
    return head + "\n".join(rows) + "\n}};\n// clang-format on\n\n}  // namespace dealtrail::detail\n"


def generated() -> dict[Path, str]:
    """Give every generated file with its text."""
    kinds = _core.describe_kinds()
    return {
        ROOT / "python/dealtrail/kinds.py": python_module(kinds),
        ROOT / "docs/facts/kinds.md": page(kinds),
        ROOT / "include/dealtrail/io/detail/built_in_profiles.hpp": profiles_header(),
    }


if __name__ == "__main__":
    for path, text in generated().items():
        path.write_text(text, encoding="utf-8", newline="\n")
