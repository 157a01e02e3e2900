"""The cache of large buffers, off by default."""

from __future__ import annotations

from dealtrail import _core
from dealtrail.errors import InvalidArgumentError

__all__ = ["buffer_cache_size", "set_buffer_cache_limit"]


def set_buffer_cache_limit(limit: int) -> int:
    """Keep large freed buffers of this process for the next job, up to a limit.

    Journeys of millions of touches are built in buffers from 8 MiB. Freed buffers are kept while those in use and
    those kept take up to `limit` bytes together; beyond it they are returned to the system at once. A process that
    builds such journeys again and again saves up to half of the time. The cache is off by default.

    Parameters
    ----------
    limit
        Bytes, from 0; 0, the default, frees all kept buffers and keeps none.

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
    >>> dt.set_buffer_cache_limit(512 << 20)
    0
    >>> dt.buffer_cache_size()
    0
    >>> dt.set_buffer_cache_limit(0) >> 20
    512
    """
    if limit < 0:
        raise InvalidArgumentError(f"a limit of memory is 0 or more bytes, not {limit}", "invalid_argument")
    return _core.set_buffer_cache_limit(limit)


def buffer_cache_size() -> int:
    """Return the size of the kept buffers in bytes."""
    return _core.buffer_cache_size()
