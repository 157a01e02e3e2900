"""Who stays and what they are worth: retention of cohorts, lifetime value, contracts.

Each function reads anybody's table: any table with ``__arrow_c_stream__``. Rows that cannot be read are left out,
counted in ``meta`` and listed by ``problems``. Definitions: ``docs/cohort/``.
"""

from dealtrail.cohort._lifetime import Contracts, Lifetime, Summary, contracts, lifetime, summary
from dealtrail.cohort._retention import Retention, retention

__all__ = ["Contracts", "Lifetime", "Retention", "Summary", "contracts", "lifetime", "retention", "summary"]
