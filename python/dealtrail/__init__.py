"""From money spent on a channel to the deal: exact, live, traceable channel cards.

>>> import dealtrail as dt
>>> trail = dt.Trail(currency="RUB", zone="Europe/Moscow")
>>> trail.put("channels", [{"id": "tg", "name": "Telegram"}])
PutReport(read=1, put=1, left_out=0)
>>> trail.card("tg")["announcements"]
0
"""

from dealtrail import attribution, budget, checkin, cohort, evidence, finance, funnel, identity, out_of_core, spark
from dealtrail._core import __version__
from dealtrail._types import ArrowTable
from dealtrail.answers import missed_calls, phone_audit, source_table, unmeasurable, venue_report
from dealtrail.card_parts import card_parts
from dealtrail.errors import (
    CorruptDataError,
    CurrencyError,
    DealtrailError,
    Error,
    InvalidArgumentError,
    LimitError,
    LossWarning,
    OutOfRangeError,
    ParseError,
    ReadError,
    SchemaError,
    StreamError,
    UnknownNameError,
    Where,
)
from dealtrail.html_report import report
from dealtrail.identity import explain_identity, identities, identity_review
from dealtrail.journeys import Journeys
from dealtrail.links import Links, links
from dealtrail.memory import buffer_cache_size, set_buffer_cache_limit
from dealtrail.money import split
from dealtrail.pace import pace, pace_curve, pace_editions
from dealtrail.plan import TrailPlan, plan
from dealtrail.profile import Profile, load_profile
from dealtrail.reconcile import Reconciliation, reconcile
from dealtrail.reports import LoadReport, PutReport
from dealtrail.table import Column, Table
from dealtrail.trail import Trail

__all__ = [
    "ArrowTable",
    "Column",
    "CorruptDataError",
    "CurrencyError",
    "DealtrailError",
    "Error",
    "InvalidArgumentError",
    "Journeys",
    "LimitError",
    "Links",
    "LoadReport",
    "LossWarning",
    "OutOfRangeError",
    "ParseError",
    "Profile",
    "PutReport",
    "ReadError",
    "Reconciliation",
    "SchemaError",
    "StreamError",
    "Table",
    "Trail",
    "TrailPlan",
    "UnknownNameError",
    "Where",
    "__version__",
    "attribution",
    "budget",
    "buffer_cache_size",
    "card_parts",
    "checkin",
    "cohort",
    "evidence",
    "explain_identity",
    "finance",
    "funnel",
    "identities",
    "identity",
    "identity_review",
    "links",
    "load_profile",
    "missed_calls",
    "out_of_core",
    "pace",
    "pace_curve",
    "pace_editions",
    "phone_audit",
    "plan",
    "reconcile",
    "report",
    "set_buffer_cache_limit",
    "source_table",
    "spark",
    "split",
    "unmeasurable",
    "venue_report",
]
