"""How facts get into a Trail."""

from __future__ import annotations

from dealtrail import _core
from dealtrail._types import Rows, Source, named_source
from dealtrail.kinds import KindName
from dealtrail.profile import ProfileLike, load_profile
from dealtrail.reports import LoadReport, PutReport, tell

__all__ = ["Intake"]


class Intake:
    """The verbs of a Trail that take rows in."""

    __slots__ = ()
    _core: _core.Trail

    def put(
        self, kind: KindName, rows: Rows, *, stub: bool = False, source: str = "", strict: bool = False
    ) -> PutReport:
        """State whole facts of one kind: columns not given are null.

        Parameters
        ----------
        kind
            Such as ``channels`` or ``deals``.
        rows
            Any table with ``__arrow_c_stream__`` (pandas, polars, pyarrow, duckdb, ours), or dicts. Columns: ``id``,
            ``version`` (whole number, when the source last changed it), the fields of the kind, declared own columns.
            Money is in major units; a time without a zone is a wall clock of the Trail's zone. None, an empty text,
            NaN, NaT and NA are no value in every column. A whole real (410.0) in an id, link or text is 410.
        stub
            Only make sure that the ids exist: any full fact beats a stub.
        source
            Enters the ids of facts that have none, so that two sources do not collide.
        strict
            Keep nothing and raise when a row, cell or column would be lost; works on a copy of the Trail.

        Returns
        -------
        PutReport: rows that cannot be kept are left out and listed, unknown columns are kept out and listed.

        Warns
        -----
        LossWarning
            Rows are lost: left out, or repeated ids with other content. Once per call.

        Raises
        ------
        SchemaError
            A needed column is missing, or a column is of a type that cannot be its field; nothing is kept then. Or
            ``strict``, and something would be lost.
        StreamError
            The stream was read before.

        Examples
        --------
        >>> import dealtrail as dt
        >>> trail = dt.Trail(currency="RUB")
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore", dt.LossWarning)
        ...     report = trail.put("channels", [{"id": "tg", "name": "Telegram"}, {"id": "vk"}])
        >>> report.left_out, report.problems["first_ids"]
        (1, ['vk'])
        """
        report = self._core.put(kind, rows, stub, source, strict)
        tell(report, f"put of {kind}:", strict)
        return PutReport(report)

    def load(
        self,
        source: Source | list[Source],
        profile: ProfileLike,
        *,
        method: str = "",
        prefix: str = "",
        full: bool = False,
        max_shrinkage: float = 0.2,
        whole: bool = False,
        strict: bool = False,
    ) -> LoadReport:
        """Read an export by a profile; when anything is wrong with the load as a whole, the Trail stays as it was.

        Parameters
        ----------
        source
            A file, a folder with everything below it, a table with ``__arrow_c_stream__``, ``(name, bytes)`` of a file
            in memory, or a list of these. Excel workbooks are recognised by their bytes and read through
            ``python-calamine`` when it is installed, the HTML page that many systems call ``.xls`` without it.
        profile
            A built-in name such as ``bitrix24``, the path of a JSON file, a dict, or a :class:`Profile`.
        method
            The method of the profile that the source answers; default: told by file names.
        prefix
            Replaces the profile's source in ids and links: two portals of one CRM do not collide then.
        full
            This is the whole of what the source has: its facts that are not in it are removed. A dump is whole when
            every page has the same total and as many different ids came.
        max_shrinkage
            Of a full load: the share of a kind's facts that may vanish; more stops the load.
        whole
            Of a full load: answers without a total, such as CSV files, are all that the source has.
        strict
            Keep nothing and raise when a record, value, column or file would be lost.

        Returns
        -------
        LoadReport: what was read, put, left out and why.

        Warns
        -----
        LossWarning
            Records are lost: left out, repeated ids with other content, a dump that is not whole. Once per call.

        Raises
        ------
        ReadError, ParseError, CorruptDataError, UnknownNameError
            A file is not there or broken, ``method`` is no method of the profile.
        InvalidArgumentError
            Nothing at all could be read; or a full load is not proven whole, and ``whole`` is not said.
        LimitError
            A full load would remove too much.
        SchemaError
            ``strict``, and something would be lost.

        Examples
        --------
        >>> import dealtrail as dt
        >>> trail = dt.Trail(currency="RUB")
        >>> page = b'{"result": [{"ID": "7", "TITLE": "Stand", "DATE_CREATE": "2026-03-01T10:00:00+03:00"}]}'
        >>> report = trail.load(("crm-deal-list.json", page), profile="bitrix24")
        >>> report.put >= 1, ("deals", "bitrix24:7") in trail
        (True, True)
        """
        from dealtrail._excel import with_tables

        given: list[Source] = source if isinstance(source, list) else [source]
        sources = with_tables([named_source(one, method) for one in given])
        read = load_profile(profile)._core
        report = _core.load(self._core, sources, read, method, prefix, full, max_shrinkage, whole, strict)
        tell(report, "load:", strict)
        return LoadReport(report)
