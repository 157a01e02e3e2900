"""Who stays and what they are worth: retention of cohorts, lifetime value, contracts, falling clients.

Each function reads anybody's table, any table with ``__arrow_c_stream__``, or the purchases of a Trail. Rows that
cannot be read are left out, counted in ``meta`` and listed by ``problems``. Definitions: ``docs/cohort/``.
"""

from dealtrail.cohort._falling import Falling, falling
from dealtrail.cohort._lifetime import Contracts, Lifetime, Summary, contracts, lifetime, summary
from dealtrail.cohort._purchases import Purchases, purchases
from dealtrail.cohort._retention import Retention, retention

__all__ = [
    "Contracts",
    "Falling",
    "Lifetime",
    "Purchases",
    "Retention",
    "Summary",
    "contracts",
    "falling",
    "lifetime",
    "purchases",
    "retention",
    "summary",
]
