"""What dealtrail raises: one base, a class per sort of mistake, each also the builtin that fits.

Codes are API and stable, texts are not.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "CorruptDataError",
    "CurrencyError",
    "DealtrailError",
    "Error",
    "InvalidArgumentError",
    "LimitError",
    "LossWarning",
    "OutOfRangeError",
    "ParseError",
    "ReadError",
    "SchemaError",
    "StreamError",
    "UnknownNameError",
    "Where",
]


class Where(NamedTuple):
    """The place of a mistake; empty names and no row mean that it is not known, or all of it. Rows count from 0."""

    table: str = ""
    column: str = ""
    row: int | None = None


NOWHERE = Where()


class Error(Exception):
    """A caller's mistake: which rule was broken, where, and what to do about it.

    Dirty rows are not errors: they are in the report of ``put`` or in ``findings``.

    Attributes
    ----------
    code
        Stable reason, such as ``"missing_column"``.
    where
        Table, column and row.
    hint
        What the caller can do; empty when there is nothing to add.

    Examples
    --------
    >>> import dealtrail as dt
    >>> try:
    ...     dt.Trail(currency="rouble")
    ... except dt.Error as error:
    ...     print(error.code)
    invalid_argument
    """

    def __init__(self, message: str, code: str = "", where: Where = NOWHERE, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.where = where
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (str(self), self.code, self.where, self.hint)


DealtrailError = Error
"""Another name of :class:`Error`, for modules that import names one by one."""


class SchemaError(Error, ValueError):
    """A table does not fit: a column is missing, of another type, or has nulls where values are needed."""


class InvalidArgumentError(Error, ValueError):
    """An argument is not one that can be."""


class UnknownNameError(Error, LookupError, ValueError):
    """Nothing has this name; the hint lists what there is."""


class CurrencyError(Error, ValueError):
    """Amounts of different currencies would be mixed."""


class OutOfRangeError(Error, OverflowError):
    """A number leaves the range in which results are exact."""


class ParseError(Error, ValueError):
    """A text is not what it should be: JSON, a period, a profile."""


class StreamError(Error, ValueError):
    """A stream was read already: streams can be read once."""


class CorruptDataError(Error, ValueError):
    """Bytes, a file or an Arrow table contradict themselves."""


class ReadError(Error, OSError):
    """A file cannot be read or written, or a producer of a table failed."""


class LimitError(Error, ValueError):
    """A limit that protects the caller was reached."""


class LossWarning(UserWarning):
    """Rows of a put, a load or a table of touches or paths are lost; the report or ``problems`` lists them.

    Off by ``warnings.simplefilter("ignore", dealtrail.LossWarning)``; ``strict=True`` makes it an error.
    """


_CLASSES: dict[str, type[Error]] = {
    "invalid_argument": InvalidArgumentError,
    "missing_column": SchemaError,
    "type_mismatch": SchemaError,
    "null_value": SchemaError,
    "currency_mismatch": CurrencyError,
    "overflow": OutOfRangeError,
    "parse_error": ParseError,
    "unknown_name": UnknownNameError,
    "exhausted_stream": StreamError,
    "corrupt_data": CorruptDataError,
    "io_error": ReadError,
    "limit_exceeded": LimitError,
}


def error_of(code: str, message: str, table: str, column: str, row: int | None, hint: str) -> Error:
    """Give the exception for an error of the C++ library; called by the extension module."""
    if code == "unknown_name" and column in ("by", "metric"):
        better = _closest(message, column) + hint
        message, hint = message.removesuffix(hint) + better, better
    return _CLASSES.get(code, Error)(message, code, Where(table, column, row), hint)


def _closest(message: str, column: str) -> str:
    """Tell which figure, or which column of the facts, a wrong name is close to."""
    import difflib
    import re

    from dealtrail import _core, kinds

    if column == "metric":
        names = [str(one["name"]) for one in _core.describe_card()]
    else:
        names = ["channel", "announcement", "event", "partner", "month"]
        names += sorted({name for made in vars(kinds).values() for name in getattr(made, "__optional_keys__", ())})
    wrong = re.search(r"'([^']{1,64})'", message)
    close = difflib.get_close_matches(wrong[1], names, n=1) if wrong else []
    return f'did you mean "{close[0]}"? ' if close else ""
