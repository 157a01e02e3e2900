"""One peer on one table, in the peers' environment; prints seconds and figures as JSON on the last line.

    python run.py PEER FILE

FILE is an Arrow file of touches (user, time, channel, won, paid), or of paths (path, conversions, nulls).
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable

import pyarrow as pa
import pyarrow.ipc

Figures = dict[str, dict[str, float]]


def marketing_attribution_models(table: pa.Table) -> Figures:
    """All seven models, value as they divide it."""
    import polars as pl
    from mam import MAM

    models = MAM(
        pl.from_arrow(table),
        "session",
        channels_colname="channel",
        journey_with_conv_colname="won",
        datetime_colname="time",
        user_id_colname="user",
        create_journey_id_based_on_conversion=True,
        conversion_value_colname="paid",
    )
    made = {
        "first_touch": models.run_first_click(),
        "last_touch": models.run_last_click(),
        "linear": models.run_linear(),
        "position_based": models.run_position_based(),
        "time_decay": models.run_time_decay(168.0),
        "markov": models.run_markov(),
        "shapley": models.run_shapley(),
    }
    return {
        name: {str(row["channels"]): float(row["attribution"]) for row in result.to_polars().to_dicts()}
        for name, result in made.items()
    }


def do_attribution(table: pa.Table) -> Figures:
    """Removal effects of order 1, others' journeys sent to nowhere."""
    from do_attribution.markov import MarkovAttribution

    paths = table.column("path").to_pylist()
    won = table.column("conversions").to_pylist()
    fitted = MarkovAttribution(order=1, removal_strategy="redirect_to_null").fit(paths, won)
    return {"markov": dict(fitted["removal_effects"])}


def channelattribution(table: pa.Table) -> Figures:
    """Order 1 at one per cent of convergence."""
    import ChannelAttribution

    made = ChannelAttribution.markov_model(
        table.to_pandas(), "path", "conversions", var_null="nulls", order=1, sep=">", conv_par=0.01, flg_pro=False
    )
    return {"markov": dict(zip(made["channel_name"], made["total_conversions"], strict=True))}


PEERS: dict[str, Callable[[pa.Table], Figures]] = {
    one.__name__: one for one in (marketing_attribution_models, do_attribution, channelattribution)
}


def main() -> None:
    """Time the peer alone: the table is in memory before."""
    table = pa.ipc.open_file(pa.memory_map(sys.argv[2])).read_all()
    warnings.simplefilter("ignore")
    began = time.perf_counter()
    figures = PEERS[sys.argv[1]](table)
    print(json.dumps({"seconds": time.perf_counter() - began, "figures": figures}))


if __name__ == "__main__":
    main()
