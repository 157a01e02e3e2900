"""From money spent on a channel to the deal: exact, live, traceable channel cards.

>>> import dealtrail as dt
>>> trail = dt.Trail(currency="RUB", zone="Europe/Moscow")
>>> trail.put("channels", [{"id": "tg", "name": "Telegram"}])
PutReport(read=1, put=1, left_out=0)
>>> trail.card("tg")["announcements"]
0
"""

from dealtrail._core import __version__
from dealtrail.errors import (
    CorruptDataError,
    CurrencyError,
    DealtrailError,
    Error,
    InvalidArgumentError,
    LimitError,
    OutOfRangeError,
    ParseError,
    ReadError,
    SchemaError,
    StreamError,
    UnknownNameError,
    Where,
)
from dealtrail.money import split
from dealtrail.table import Column, Table
from dealtrail.trail import ArrowTable, PutReport, Trail

__all__ = [
    "ArrowTable",
    "Column",
    "CorruptDataError",
    "CurrencyError",
    "DealtrailError",
    "Error",
    "InvalidArgumentError",
    "LimitError",
    "OutOfRangeError",
    "ParseError",
    "PutReport",
    "ReadError",
    "SchemaError",
    "StreamError",
    "Table",
    "Trail",
    "UnknownNameError",
    "Where",
    "__version__",
    "split",
]
