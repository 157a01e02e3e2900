"""Attribution on Spark: the same bytes as one process, made where the touches are.

Touches are put together by subject, each task makes the states of its subjects, a tree merges them, and one table comes
back. Needs pyspark 4 and Java 17: ``pip install 'dealtrail[spark]'``; the executors need this package, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from dealtrail import _core
from dealtrail._arrow_batches import SCHEMA_OF_PARTS, missing_of, part_batch, parts_in
from dealtrail._shards import Part, Plan, ShardedCredit, failure, finished, merged, plan_of
from dealtrail.attribution.results import Cost
from dealtrail.errors import Error, InvalidArgumentError, SchemaError, Where

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["attribution", "attribution_of", "attribution_states"]

#: How many states one merge takes.
FAN_IN = 16


def attribution(
    touches: DataFrame,
    models: str | Sequence[str] = ("first_touch", "linear", "last_touch"),
    *,
    subject: str = "subject",
    at: str = "at",
    channel: str = "channel",
    converted: str | None = None,
    value: str | None = None,
    currency: str | None = None,
    places: int | None = None,
    kind: str | None = None,
    lookback_days: int | Mapping[str, int] | None = None,
    conversions: Literal["all", "first"] = "all",
    cost: Cost = None,
    intervals: bool = True,
    partitions: int | None = None,
    strict: bool = False,
) -> ShardedCredit:
    """Credit channels over a DataFrame of touches, a row each.

    Parameters
    ----------
    touches
        A DataFrame of Spark. Only the named columns cross to Python, by name.
    models
        Names of models whose states merge: the rules, ``markov`` and ``shapley``, each with its default parameters.
    subject, at, channel, converted, value, currency, places, kind, lookback_days, conversions, strict
        As in :meth:`dealtrail.Journeys.from_touches`.
    cost, intervals
        As in :func:`dealtrail.attribution.linear`.
    partitions
        Into how many parts subjects are put; ``None``: ``spark.sql.shuffle.partitions``. The result is the same for
        any. A task holds one part in memory: some 150 bytes a touch.

    Returns
    -------
    The Table that ``compare(Journeys.from_touches(touches), models)`` gives, byte for byte, with ``problems``.

    Warns
    -----
    LossWarning
        Rows are left out, with their counts over all tasks. Once per call, on the driver.

    Raises
    ------
    SchemaError
        A column is missing or of a type that does not fit; before a task runs. Or ``strict``, and something would be
        left out.
    UnknownNameError
        There is no such model, or its states do not merge.
    InvalidArgumentError
        The executors have no package ``dealtrail``, or another version of it.
    """
    plan = plan_of(
        models,
        lookback_days,
        conversions,
        subject=subject,
        at=at,
        channel=channel,
        converted=converted,
        value=value,
        currency=currency,
        places=places,
        kind=kind,
        intervals=intervals,
    )
    nothing = _nothing(touches, plan)
    states = _states(touches, plan, partitions)
    parts = merged([*plan.parts(nothing), *_collected(states, partitions)])
    return finished(parts, plan.models, cost, strict, None, plan.journeys(nothing))


def attribution_states(
    touches: DataFrame,
    models: str | Sequence[str] = ("first_touch", "linear", "last_touch"),
    *,
    subject: str = "subject",
    at: str = "at",
    channel: str = "channel",
    converted: str | None = None,
    value: str | None = None,
    currency: str | None = None,
    places: int | None = None,
    kind: str | None = None,
    lookback_days: int | Mapping[str, int] | None = None,
    conversions: Literal["all", "first"] = "all",
    intervals: bool = True,
    partitions: int | None = None,
) -> DataFrame:
    """Give the states as a DataFrame, to be kept as Parquet and merged with others by :func:`attribution_of`.

    A state holds subjects whole. Merge states of different subjects (regions, brands), or of the same subjects when
    their journeys do not go from one set of touches into the other.

    Returns
    -------
    A DataFrame with a row per part and model: model, state, rows, left_out, problems, plan, version, failure.

    Raises
    ------
    SchemaError
        As in :func:`attribution`.
    """
    plan = plan_of(
        models,
        lookback_days,
        conversions,
        subject=subject,
        at=at,
        channel=channel,
        converted=converted,
        value=value,
        currency=currency,
        places=places,
        kind=kind,
        intervals=intervals,
    )
    plan.parts(_nothing(touches, plan))
    return _states(touches, plan, partitions)


def attribution_of(states: DataFrame, *, cost: Cost = None, strict: bool = False) -> ShardedCredit:
    """Merge states and give their table; the models are in the order of their names.

    Raises
    ------
    SchemaError
        The DataFrame has no states.
    InvalidArgumentError
        They were made with different columns or options.
    CurrencyError
        Their values are in different currencies.
    CorruptDataError
        A state is of another version, or its bytes are damaged.
    """
    missing_of(states.columns, Part._fields, "the DataFrame of states")
    parts = merged(_collected(states, None))
    if not parts:
        raise SchemaError("there are no states", "null_value", Where("states"), "give what attribution_states made")
    rows = {part.rows for part in parts}
    if len(rows) > 1:
        raise InvalidArgumentError(
            "models were counted over different touches: "
            + ", ".join(f"{part.model} over {part.rows} rows" for part in sorted(parts)),
            "invalid_argument",
            Where("states", "rows"),
            "merge states of the same models",
        )
    return finished(parts, sorted(part.model for part in parts), cost, strict, None)


def _nothing(touches: DataFrame, plan: Plan) -> Any:
    """Give the columns that will cross without their rows, and refuse those that are not there."""
    missing_of(touches.columns, plan.columns, "the DataFrame")
    return touches.select(*map(_quoted, plan.columns)).limit(0).toArrow()


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _states(touches: DataFrame, plan: Plan, partitions: int | None) -> DataFrame:
    chosen = touches.select(*map(_quoted, plan.columns))
    by = _quoted(plan.subject)
    spread = chosen.repartition(by) if partitions is None else chosen.repartition(partitions, by)
    return spread.mapInArrow(_Count(plan, _core.__version__), SCHEMA_OF_PARTS)


def _collected(states: DataFrame, partitions: int | None) -> list[Part]:
    """Merge states in a tree whose last level is the driver."""
    wide = partitions or int(states.sparkSession.conf.get("spark.sql.shuffle.partitions") or 200)
    while wide > FAN_IN:
        wide = -(-wide // FAN_IN)
        states = states.repartition(wide).mapInArrow(_merge_in_task, SCHEMA_OF_PARTS)
    return _run(lambda: list(parts_in(states.toArrow().to_batches())))


def _run(job: Callable[[], list[Part]]) -> list[Part]:
    """Run a job; say it plainly when the executors lack the package."""
    try:
        return job()
    except Error:
        raise
    except Exception as error:
        for name in ("dealtrail", "pyarrow"):
            if f"No module named '{name}" in str(error):
                raise InvalidArgumentError(
                    f"the executors have no package {name!r}",
                    "invalid_argument",
                    Where("executors"),
                    "send it with spark-submit --archives; see docs/scale.md",
                ) from error
        raise


class _Count:
    """What a task does: the states of the rows that it was given."""

    def __init__(self, plan: Plan, version: str) -> None:
        self.plan = plan
        self.version = version

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa
        from pyspark import TaskContext

        context = TaskContext.get()
        place = f"partition {context.partitionId()}" if context is not None else "a partition"
        try:
            if self.version != _core.__version__:
                raise InvalidArgumentError(
                    f"the executor has dealtrail {_core.__version__}, the driver {self.version}",
                    "invalid_argument",
                    Where("executors"),
                    "send the driver's wheel",
                )
            rows = [batch for batch in batches if batch.num_rows]
            if not rows:
                return
            if rows[0].schema.names != self.plan.columns:
                raise SchemaError(
                    f"columns came as {rows[0].schema.names}, not {self.plan.columns}",
                    "type_mismatch",
                    Where("touches"),
                )
            parts = self.plan.parts(pa.Table.from_batches(rows))
        except Error as error:
            parts = [failure(error, place)]
        yield part_batch(parts)


def _merge_in_task(batches: Iterator[Any]) -> Iterator[Any]:
    parts = list(parts_in(batches))
    failed = [part for part in parts if part.failure]
    try:
        together = failed[:1] or merged(parts)
    except Error as error:
        together = [failure(error, "the merge of states")]
    yield part_batch(together)
