"""What became of the rows of a put or load."""

from __future__ import annotations

from dealtrail import _core
from dealtrail.table import Table

__all__ = ["LoadReport", "PutReport"]


class _Counted:
    """What both reports have: rows offered, kept and left out, by kind, and the reasons."""

    __slots__ = ("_report",)
    _report: _core.PutReport | _core.LoadReport

    @property
    def read(self) -> int:
        """Rows or facts offered."""
        return self._report.read

    @property
    def put(self) -> int:
        """Rows that are facts now, or lost to a later version of themselves."""
        return self._report.put

    @property
    def left_out(self) -> int:
        """Rows or facts that are not kept."""
        return self._report.left_out

    @property
    def counts(self) -> Table:
        """A row per kind."""
        return Table(self._report.counts())

    @property
    def problems(self) -> Table:
        """A row per sort of trouble."""
        return Table(self._report.problems())

    def _shown(self, *tables: Table) -> str:
        head = f"{type(self).__name__}(read={self.read}, put={self.put}, left_out={self.left_out})"
        problems = self.problems
        return "\n".join([head, *map(repr, tables), *([repr(problems)] if len(problems) else [])])


class PutReport(_Counted):
    """What became of the rows of one put: every row that is not kept is counted here, with the reason.

    Attributes
    ----------
    read, put, left_out
        Rows offered, rows that are facts now (or lost to a later version of themselves), rows that are not.
    counts
        A row per kind: kind, read, put, left_out.
    problems
        A row per kind of problem: code, kind, column, count, left_out, first_ids, first_values, message, hint.
    """

    __slots__ = ()
    _report: _core.PutReport

    def __init__(self, core: _core.PutReport) -> None:
        self._report = core

    def __repr__(self) -> str:
        return self._shown()


class LoadReport(_Counted):
    """What a load read, put, left out, and why.

    Attributes
    ----------
    read, put, left_out
        Facts offered to the Trail, kept, and not kept.
    counts
        A row per kind: kind, read, put, left_out.
    files, methods
        A row per file, or per method of the profile: what was read, refused, and the reason.
    problems
        A row per sort of trouble: code, method, kind, column, count, left_out, first_ids, first_values, message, hint.
    columns_not_read
        Columns of the records that no put of the profile reads: method, column, count.
    removed
        By a full load: kind, before, removed, first_ids.
    """

    __slots__ = ()
    _report: _core.LoadReport

    def __init__(self, core: _core.LoadReport) -> None:
        self._report = core

    @property
    def incomplete(self) -> bool:
        """Whether something is missing: a truncated dump, an error of the source, a refused page."""
        return self._report.incomplete

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

    def __repr__(self) -> str:
        return self._shown(self.methods)
