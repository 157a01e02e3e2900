"""Memory that waits for the next job."""

from __future__ import annotations

from dealtrail import _core
from dealtrail.errors import InvalidArgumentError

__all__ = ["buffer_cache_size", "set_buffer_cache_limit"]


def set_buffer_cache_limit(limit: int) -> int:
    """Let large blocks of memory wait for the next job, or let them go.

    Journeys of millions of touches are made in blocks from 8 MiB. Those that are done with wait for the next job as
    long as those in use and those that wait take up to `limit` bytes together; beyond it they are freed at once.
    Getting fresh memory costs as much as half of the work.

    Parameters
    ----------
    limit
        Bytes, from 0; 0 lets everything go and keeps nothing. Without a call it is 512 MiB.

    Returns
    -------
    The limit before.

    Raises
    ------
    InvalidArgumentError
        The limit is below 0.

    Examples
    --------
    >>> import dealtrail as dt
    >>> dt.set_buffer_cache_limit(0) >> 20
    512
    >>> dt.buffer_cache_size()
    0
    >>> dt.set_buffer_cache_limit(512 << 20)
    0
    """
    if limit < 0:
        raise InvalidArgumentError(f"a limit of memory is 0 or more bytes, not {limit}", "invalid_argument")
    return _core.set_buffer_cache_limit(limit)


def buffer_cache_size() -> int:
    """Bytes that wait for the next job now."""
    return _core.buffer_cache_size()
