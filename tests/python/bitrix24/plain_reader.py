"""A slow, obvious reader of profiles (docs/io/profile.md), written to be compared with the library's.

It reads JSON pages only, keeps everything in memory, and raises where the library would list a problem that the
profiles under test must never have. Rows come out as ``OracleTrail.put`` takes them.
"""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from oracle.door import utc_us
from oracle.kinds import KINDS

PROFILE = Path(__file__).parents[3] / "profiles/bitrix24.json"
NOTHING: tuple[Any, ...] = (None, "", [], {})


def built_in() -> dict[str, Any]:
    """Give the built-in profile."""
    profile: dict[str, Any] = json.loads(PROFILE.read_text(encoding="utf-8"))
    return profile


def extended(own: dict[str, Any]) -> dict[str, Any]:
    """Lay a profile over the built-in one that it extends."""
    base = built_in()
    result = {**base, **{key: value for key, value in own.items() if key != "extends"}}
    for key in ("maps", "declare", "page", "csv"):
        result[key] = {**base.get(key, {}), **own.get(key, {})}
    result["methods"] = dict(base["methods"])
    for name, method in own.get("methods", {}).items():
        result["methods"][name] = _laid_over(base["methods"].get(name, {"puts": []}), method)
    return result


def _laid_over(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    puts = {put.get("name", put["put"]): put for put in base["puts"]}
    for put in own.get("puts", []):
        name = put.get("name", put["put"])
        if put.get("over"):
            under = puts[name]
            merged = {**under, **{key: value for key, value in put.items() if key != "over"}}
            for part in ("set", "own", "defaults"):
                merged[part] = {**under.get(part, {}), **put.get(part, {})}
            puts[name] = merged
        else:
            puts[name] = put
    return {**base, **own, "puts": list(puts.values())}


def method_of(profile: dict[str, Any], name: str) -> str | None:
    """Give the method whose pattern matches the name with most literal characters."""
    best: tuple[int, str] | None = None
    for method, rule in profile["methods"].items():
        for pattern in rule.get("files", []):
            literal = sum(letter not in "*?" for letter in pattern)
            if fnmatch.fnmatchcase(name.lower(), pattern.lower()) and (best is None or literal > best[0]):
                best = (literal, method)
    return best[1] if best else None


@dataclass
class Answer:
    """What one file gave."""

    method: str
    records: int = 0
    errors: list[str] = field(default_factory=list)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    stubs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    left_out: int = 0


def read_file(profile: dict[str, Any], path: Path, method: str | None = None) -> Answer:
    """Read one file by its name, or by the method given."""
    name = method or method_of(profile, path.name)
    if name is None:
        raise LookupError(f"no method for {path.name}")
    rule = profile["methods"][name]
    answer = Answer(name)
    page = {**profile["page"], **rule.get("page", {})}
    for document in _documents(path):
        answer.errors += _errors(document, page)
        for record, command in _records(document, page["records"], bool(answer.errors)):
            if isinstance(record, dict):
                answer.records += 1
                _put_all(profile, rule, record, command, answer)
    return answer


def _documents(path: Path) -> Iterator[Any]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        for line in text.splitlines():
            yield json.loads(line, parse_float=Decimal)
        return
    whole = json.loads(text, parse_float=Decimal)
    yield from whole if isinstance(whole, list) else [whole]


def _follow(document: Any, path: str) -> list[tuple[Any, str | None]] | None:
    """Everything that a records path leads to, with the command of the last ``*``; None when it leads nowhere."""
    found: list[tuple[Any, str | None]] = [(document, None)]
    for step in path.split(".") if path != "." else []:
        listed, name = step.endswith("[]"), step.removesuffix("[]")
        following: list[tuple[Any, str | None]] = []
        hit = False
        for value, command in found:
            inside = [(value, command)]
            if name == "*":
                pairs = (
                    value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
                )
                inside = [(part, str(key)) for key, part in pairs]
            elif name:
                inside = [(value[name], command)] if isinstance(value, dict) and name in value else []
            for part, label in inside:
                if listed and isinstance(part, list):
                    hit = True
                    following += [(element, label) for element in part]
                elif not listed:
                    hit = True
                    following.append((part, label))
        if not hit:
            return None
        found = following
    return found


def _records(document: Any, paths: list[str], failed: bool) -> list[tuple[Any, str | None]]:
    best: list[tuple[Any, str | None]] | None = None
    depth = -1
    for path in paths:
        found = _follow(document, path)
        if found is not None and all(isinstance(value, dict) for value, _ in found):
            deep = path.count(".") + path.count("[]")
            if deep > depth:
                best, depth = found, deep
    if best is None and not failed:
        raise ValueError("neither records nor errors: a page of another system or method")
    return best or []


def _errors(document: Any, page: dict[str, Any]) -> list[str]:
    texts = []
    for path in page.get("errors", []):
        for value, _ in _follow(document, path) or []:
            if value not in NOTHING and value is not False:
                texts.append(value["error_description"] if isinstance(value, dict) else str(value))
    return texts


class _Scope:
    """A record, and for the elements of one of its lists the record around."""

    def __init__(
        self, profile: dict[str, Any], record: dict[str, Any], command: str | None, outer: _Scope | None = None
    ):
        self.profile = profile
        self.record = record
        self.command = command
        self.outer = outer
        self.folded = {_fold(name): value for name, value in record.items()}

    def column(self, path: str) -> Any:
        if path.startswith("^"):
            assert self.outer is not None
            return self.outer.column(path[1:])
        if path == "*":
            return self.command
        value: Any = self
        for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
            if index:
                value = value[int(index)] if isinstance(value, list) and len(value) > int(index) else None
            elif isinstance(value, _Scope):
                value = value.record.get(name, value.folded.get(_fold(name)))
            else:
                value = value.get(name) if isinstance(value, dict) else None
        return None if value is False or value in NOTHING else value

    def holds(self, condition: dict[str, Any]) -> bool:
        if "all" in condition:
            return all(self.holds(part) for part in condition["all"])
        if "any" in condition:
            return any(self.holds(part) for part in condition["any"])
        value, op = self.column(condition["field"]), condition["op"]
        wanted: Any = condition.get("value")
        if op == "null":
            return (value is None) == (wanted is not False)
        if value is None:
            return False
        if op == "in":
            return any(_equal(value, one) for one in wanted)
        if op in ("eq", "ne"):
            return _equal(value, wanted) is (op == "eq")
        assert op == "gt"
        number = _number(value)
        return number is not None and bool(number > wanted)

    def value(self, expression: Any) -> Any:
        if isinstance(expression, str):
            return self.column(expression)
        if isinstance(expression, list):
            return next((found for one in expression if (found := self.value(one)) is not None), None)
        if "when" in expression and not self.holds(expression["when"]):
            return None
        if "const" in expression:
            return expression["const"]
        if "coalesce" in expression:
            return self.value(expression["coalesce"])
        if "column" in expression:
            value = self.column(expression["column"])
            value = None if str(value) in expression.get("empty", []) else value
            return value[:10] if value and expression.get("day") else value  # the day that is written
        if "concat" in expression:
            parts = [self.value(part) for part in expression["concat"]]
            if expression.get("all") and None in parts:
                return None
            kept = [str(part) for part in parts if part is not None]
            constant = [isinstance(part, dict) and "const" in part for part in expression["concat"]]
            if all(fixed or part is None for fixed, part in zip(constant, parts, strict=True)) and not all(constant):
                return None  # constants around columns that are all missing
            return expression.get("sep", "").join(kept) or None
        if "map" in expression:
            return self._mapped(expression)
        assert "mul" in expression, expression
        product = Decimal(1)
        for part in expression["mul"]:
            number = self.value(part)
            if number is None:
                return None
            product *= Decimal(str(number))
        return product

    def _mapped(self, expression: dict[str, Any]) -> Any:
        value = self.value(expression["map"])
        if value is None:
            return None
        table = expression["with"]
        table = self.profile["maps"][table] if isinstance(table, str) else table
        if str(value) in table:
            return table[str(value)]
        for key, result in table.items():
            if "*" in key and fnmatch.fnmatchcase(str(value), key):
                return result
        raise ValueError(f"unmapped value {value!r}")


def _fold(name: str) -> str:
    return name.replace("_", "").lower()


def _number(value: Any) -> Decimal | None:
    return Decimal(str(value)) if re.fullmatch(r"[+-]?\d+(\.\d+)?", str(value)) else None


def _equal(value: Any, wanted: Any) -> bool:
    left, right = _number(value), _number(wanted)
    if left is not None and right is not None and not (isinstance(value, str) and isinstance(wanted, str)):
        return left == right
    return str(value) == str(wanted)


def _put_all(profile: dict[str, Any], rule: dict[str, Any], record: Any, command: str | None, answer: Answer) -> None:
    scope = _Scope(profile, record, command)
    if "when" in rule and not scope.holds(rule["when"]):
        return
    for put in rule["puts"]:
        scopes = [scope]
        if "for_each" in put:
            elements = scope.column(put["for_each"]) or []
            scopes = [_Scope(profile, element, command, scope) for element in elements]
        for one in scopes:
            if "when" not in put or one.holds(put["when"]):
                _put(profile, put, one, answer)


def _put(profile: dict[str, Any], put: dict[str, Any], scope: _Scope, answer: Answer) -> None:
    source = profile.get("source", profile["profile"])
    number = scope.value(put["id"])
    if number is None:
        answer.left_out += 1
        return
    row: dict[str, Any] = {"id": f"{source}:{number}"}
    version = scope.value(put["version"]) if "version" in put else None
    if version is not None:
        row["version"] = version if isinstance(version, int) else utc_us(version, "Europe/Moscow")
    for name, kind, need in KINDS[put["put"]]:
        value = scope.value(put["set"][name]) if name in put.get("set", {}) else None
        value = put.get("defaults", {}).get(name) if value is None else value
        if kind.startswith("->"):
            value = None if value is None or str(value) == "0" else f"{source}:{value}"
        elif value is not None:
            value = _typed(value, kind)
        if value is None and need == "!" and not put.get("stub"):
            answer.left_out += 1
            return
        if value is not None:
            row[name] = value
    place = answer.stubs if put.get("stub") else answer.rows
    place.setdefault(put["put"], []).append(row)


def _typed(value: Any, kind: str) -> Any:
    if kind == "text":
        return str(value)
    if kind == "integer":
        return int(value)
    if kind in ("money", "decimal"):
        return Decimal(str(value))
    if kind == "real":
        return float(value)
    if kind == "boolean":
        return {"Y": True, "N": False}[value] if isinstance(value, str) else bool(value)
    return value
