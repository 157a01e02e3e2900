"""A slow, obvious model of the Trail (SP.8).

It is written from ``docs/trail/trail.md`` and ``docs/cards/cards.md`` alone, recomputes everything from the list of
all facts at
each call, and exists to be compared with the library. Standard library only.
"""

from .cards import METRICS, card_table, tables
from .postings import Posting
from .trail import OracleTrail

__all__ = ["METRICS", "OracleTrail", "Posting", "card_table", "tables"]
