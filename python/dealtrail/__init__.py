"""From money spent on a channel to the deal: exact, live, traceable channel cards."""

from dealtrail._core import __version__

__all__ = ["__version__"]
