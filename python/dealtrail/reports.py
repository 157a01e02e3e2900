"""Reports of puts and loads: what became of each row."""

from __future__ import annotations

import warnings
from typing import Any

from dealtrail import _core
from dealtrail.errors import LossWarning, SchemaError, Where
from dealtrail.table import Table

__all__ = ["LoadReport", "PutReport"]


class _Counted:
    """What both reports have: rows offered, kept and left out, by kind, and the reasons."""

    __slots__ = ("_report",)
    _report: Any

    def __init__(self, core: Any) -> None:
        self._report = core

    @property
    def read(self) -> int:
        """Rows or facts offered."""
        return int(self._report.read)

    @property
    def put(self) -> int:
        """Rows that are facts now, or lost to another version of themselves."""
        return int(self._report.put)

    @property
    def left_out(self) -> int:
        """Rows or facts that are not kept."""
        return int(self._report.left_out)

    @property
    def counts(self) -> Table:
        """A row per kind: kind, read, put, distinct (different ids of what was put), left_out."""
        return Table(self._report.counts())

    @property
    def problems(self) -> Table:
        """A row per kind of problem."""
        return Table(self._report.problems())

    def __reduce__(self) -> tuple[object, ...]:
        return type(self)._of_kept, ({name: getattr(self, name) for name in self._names()},)

    @classmethod
    def _of_kept(cls, kept: dict[str, Any]) -> Any:
        return cls(_Kept(kept))

    @staticmethod
    def _names() -> tuple[str, ...]:
        return ("read", "put", "left_out", "counts", "problems")

    def _shown(self, *tables: Table) -> str:
        head = f"{type(self).__name__}(read={self.read}, put={self.put}, left_out={self.left_out})"
        problems = self.problems
        return "\n".join([head, *map(repr, tables), *([repr(problems)] if len(problems) else [])])


class _Kept:
    """The figures and tables of a report that was pickled or copied."""

    def __init__(self, kept: dict[str, Any]) -> None:
        for name, value in kept.items():
            setattr(self, "columns" if name == "columns_not_read" else name, _given(value))

    def has(self, severity: str) -> bool:
        """Tell whether a problem has this severity."""
        return severity in Table(self.problems())["severity"]  # type: ignore[attr-defined]


def _given(value: Any) -> Any:
    return (lambda: value._core) if isinstance(value, Table) else value


class PutReport(_Counted):
    """What became of the rows of one put: every row that is not kept is counted here, with the reason.

    Attributes
    ----------
    read, put, left_out
        Rows offered, rows that are facts now (or lost to another version of themselves), rows that are not.
    counts
        A row per kind: kind, read, put, distinct (different ids of what was put), left_out.
    problems
        A row per kind of problem: code, severity (``error``: rows are lost; ``warning``: a cell or column is;
        ``info``: nothing is), kind, column, count, left_out, first_ids, first_values, message, hint.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return self._shown()


class LoadReport(_Counted):
    """What a load read, put, left out, and why.

    Attributes
    ----------
    read, put, left_out
        Facts offered to the Trail, kept, and not kept.
    counts
        A row per kind: kind, read, put, distinct (different ids of what was put), left_out.
    files, methods
        A row per file, or per method of the profile: what was read, refused, and the reason.
    problems
        A row per kind of problem: code, severity (``error``: records are lost; ``warning``: a value, a column or a
        file is; ``info``: nothing is), method, kind, column, count, left_out, first_ids, first_values, message, hint.
    columns_not_read
        Columns of the records that no put of the profile reads: method, column, count.
    removed
        By a full load: kind, before, removed, first_ids.
    """

    __slots__ = ()

    @property
    def incomplete(self) -> bool:
        """Whether something is missing: a truncated dump, an error of the source, a refused page."""
        return bool(self._report.incomplete)

    @property
    def files(self) -> Table:
        """A row per file."""
        return Table(self._report.files())

    @property
    def methods(self) -> Table:
        """A row per method of the profile; ``(none)`` for files without one."""
        return Table(self._report.methods())

    @property
    def columns_not_read(self) -> Table:
        """Columns of the records that no put of the profile reads."""
        return Table(self._report.columns())

    @property
    def removed(self) -> Table:
        """What a full load removed, a row per kind that it speaks of."""
        return Table(self._report.removed())

    @staticmethod
    def _names() -> tuple[str, ...]:
        return (*_Counted._names(), "incomplete", "files", "methods", "columns_not_read", "removed")

    def __repr__(self) -> str:
        return self._shown(self.methods)


def tell(report: _core.PutReport | _core.LoadReport, what: str, strict: bool) -> None:
    """Warn the caller's caller of rows that are lost; when strict, raise for whatever is lost.

    Raises
    ------
    SchemaError
        ``strict``, and a problem is an error or a warning: the first such, errors first.
    """
    if not report.has("error") and not (strict and report.has("warning")):
        return
    problems = Table(report.problems()).to_dicts()
    rows = f" {report.left_out} of {report.read} rows" if report.left_out else " rows"
    tell_of(problems, f"{what}{rows} are lost" if report.has("error") else f"{what} values are lost", strict, 4)


def tell_of(problems: list[dict[str, Any]], what: str, strict: bool, stacklevel: int) -> None:
    """Warn of problems that are errors; when strict, raise for the first that is an error or a warning."""
    errors = [row for row in problems if row["severity"] == "error"]
    grave = errors or [row for row in problems if row["severity"] == "warning"]
    if strict and grave:
        first = grave[0]
        raise SchemaError(
            f"{what}, and strict keeps nothing: {_sentence(first)}",
            first["code"],
            Where(first.get("kind") or "", first["column"] or ""),
            first["hint"] or "",
        )
    if errors:
        more = f"; and {len(errors) - 3} more problems" if len(errors) > 3 else ""
        text = f"{what}: {'; '.join(map(_sentence, errors[:3]))}{more}; see the report's problems, or use strict=True"
        warnings.warn(text, LossWarning, stacklevel=stacklevel)


def _sentence(problem: dict[str, Any]) -> str:
    place = ".".join(part for part in (problem.get("kind"), problem["column"]) if part)
    first = problem.get("first_ids") or problem.get("first_rows")
    return f"{problem['count']} {problem['code']}{f' of {place}' if place else ''} ({problem['message']}" + (
        f"; first {first})" if first else ")"
    )
