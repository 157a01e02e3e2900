"""Attribution in shards: a shard of whole subjects becomes states, states are merged, the merged ones a table."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from dealtrail import _core, errors
from dealtrail.attribution.compare import compare
from dealtrail.attribution.results import Cost, costs_of, threads_of, told, unmatched
from dealtrail.attribution.rules import RULES, one_of
from dealtrail.attribution.shapley import DEFAULT_SAMPLES
from dealtrail.errors import CorruptDataError, Error, InvalidArgumentError, LossWarning, UnknownNameError, Where
from dealtrail.journeys import Journeys
from dealtrail.reports import tell_of
from dealtrail.table import Table

__all__ = ["MERGEABLE", "Part", "Plan", "ShardedCredit", "failure", "finished", "merged", "raise_failure"]

#: Models whose states merge, each with its default parameters.
MERGEABLE: tuple[str, ...] = (*RULES, "markov", "shapley")

_Merging = _core.CreditState | _core.MarkovState | _core.ShapleyState


class Part(NamedTuple):
    """A row of a table of states: what one shard, or several together, count for one model."""

    model: str
    state: bytes
    rows: int
    left_out: int
    problems: str  # JSON: rows of Journeys.problems
    plan: str  # JSON: what the journeys were made with
    version: str  # of the package that made it
    failure: str  # JSON of the error of a shard that could not be counted; else empty


@dataclass(frozen=True)
class Plan:
    """Which columns are read, how journeys are made of them, and what is counted."""

    models: tuple[str, ...]
    subject: str
    at: str
    channel: str
    converted: str | None
    value: str | None
    currency: str | None
    places: int | None
    kind: str | None
    lookback_days: int | dict[str, int] | None
    conversions: str
    intervals: bool

    @property
    def columns(self) -> list[str]:
        """The columns that cross, in the order in which they do; each once."""
        named = (self.subject, self.at, self.channel, self.converted, self.value, self.kind)
        return list(dict.fromkeys(name for name in named if name))

    def text(self) -> str:
        """Give the plan as JSON; equal plans give equal texts."""
        return json.dumps(asdict(self) | {"models": None}, sort_keys=True)

    def check(self) -> None:
        """Refuse models without a state."""
        if not self.models:
            raise InvalidArgumentError("no model is named", "invalid_argument", hint=", ".join(MERGEABLE))
        for name in self.models:
            if name not in MERGEABLE:
                known = one_of(name, MERGEABLE)
                raise UnknownNameError(f"no model whose states merge: {name!r}; {known}", "unknown_name", hint=known)

    def journeys(self, touches: Any, threads: int | None = 1) -> Journeys:
        """Make journeys of a shard; what is left out is told once, at the end."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LossWarning)
            return Journeys.from_touches(
                touches,
                subject=self.subject,
                at=self.at,
                channel=self.channel,
                converted=self.converted,
                value=self.value,
                currency=self.currency,
                places=self.places,
                kind=self.kind,
                lookback_days=self.lookback_days,
                conversions=self.conversions,  # type: ignore[arg-type]
                threads=threads,
            )

    def parts(self, touches: Any, threads: int | None = 1) -> list[Part]:
        """Count a shard: a part per model."""
        journeys = self.journeys(touches, threads)
        problems = _added("[]", json.dumps(_without_rows(journeys.problems.to_dicts())))
        counts = (int(journeys.meta["rows"]), journeys.left_out, problems, self.text(), _core.__version__, "")
        cores = threads_of(threads)
        return [
            Part(name, _state_of(name, journeys, self.intervals, cores).to_bytes(), *counts) for name in self.models
        ]


def plan_of(
    models: str | Sequence[str], lookback_days: int | Mapping[str, int] | None, conversions: str, **columns: Any
) -> Plan:
    """Make a plan of what a caller gave, and check what can be checked without a table."""
    back = dict(lookback_days) if isinstance(lookback_days, Mapping) else lookback_days
    named = (models,) if isinstance(models, str) else tuple(dict.fromkeys(models))
    plan = Plan(models=named, lookback_days=back, conversions=conversions, **columns)
    plan.check()
    return plan


class ShardedCredit(Table):
    """The table of models over all shards.

    Attributes
    ----------
    problems
        What was left out or changed: code, severity, column, count, message, hint; counts of all shards together.
    """

    __slots__ = ("_problems",)

    def __init__(self, core: _core.Table, problems: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(core)
        self._problems = problems

    @property
    def problems(self) -> Table:
        """What was left out or changed, a row per kind of problem."""
        if not self._problems:
            nothing = Journeys.from_touches([{"subject": "a", "at": "2026-01-01", "channel": "c"}])
            return nothing.problems.select([name for name in nothing.problems.columns if name != "first_rows"])
        return Table(_core.read_table(list(self._problems), "problems", tuple(self._problems[0])))


def merged(parts: Iterable[Part]) -> list[Part]:
    """Merge parts: one for each model. The result is the same for any order and any grouping.

    Raises
    ------
    InvalidArgumentError
        They were made with different columns or options.
    CurrencyError
        Their values are in different currencies.
    CorruptDataError
        The bytes of a state are not what this version writes.
    """
    found: dict[str, Part] = {}
    states: dict[str, _Merging] = {}
    for part in parts:
        raise_failure(part)
        state = _restored(part)
        before = found.get(part.model)
        if before is None:
            found[part.model], states[part.model] = part, state
            continue
        if before.plan != part.plan:
            raise InvalidArgumentError(
                f"states of {part.model} were made with different options: {_difference(before.plan, part.plan)}",
                "invalid_argument",
                Where("states", "plan"),
                "merge states of one set of columns and options",
            )
        states[part.model].merge(state)  # type: ignore[arg-type]
        found[part.model] = before._replace(
            rows=before.rows + part.rows,
            left_out=before.left_out + part.left_out,
            problems=_added(before.problems, part.problems),
        )
    return [found[name]._replace(state=states[name].to_bytes()) for name in found]


def finished(
    parts: Sequence[Part], models: Sequence[str], cost: Cost, strict: bool, threads: int | None, nothing: Any = None
) -> ShardedCredit:
    """Make the table of merged parts; ``nothing`` are journeys of no touches, for when there were none."""
    by_model = {part.model: part for part in parts}
    results: list[_core.Credit] = []
    decimals = 0
    for name in models:
        state = _restored(by_model[name])
        decimals = state.value_decimals()
        result = _finish(state, threads_of(threads))
        if result is not None:
            results.append(result)
    first = by_model[models[0]]
    problems = json.loads(first.problems)
    what = f"{first.left_out} of {first.rows} rows are left out" if first.left_out else "values are left out"
    tell_of(problems, what, strict, 4)
    if not results and nothing is not None:
        made = compare(nothing, models, cost=cost)._core
    else:
        costs = costs_of(cost, decimals)
        table = _core.credit_table(results, costs)
        named = "" if isinstance(cost, Table) else unmatched(costs, _channels(table))
        made = told(table, first.left_out, named)._core
    return ShardedCredit(made, problems)


def failure(error: Error, place: str) -> Part:
    """Give an error as a row, so that it reaches the driver whole, with the place of the shard."""
    said = [type(error).__name__, str(error), error.code, list(error.where), error.hint, place]
    return Part("", b"", 0, 0, "[]", "", _core.__version__, json.dumps(said))


def raise_failure(part: Part) -> None:
    """Raise the error that a shard met, here."""
    if not part.failure:
        return
    name, message, code, where, hint, place = json.loads(part.failure)
    raised: type[Error] = getattr(errors, name, Error)
    raise raised(f"{message} (in {place})", code, Where(*where), hint)


def _state_of(name: str, journeys: Journeys, intervals: bool, threads: int) -> _Merging:
    if name == "markov":
        return _core.MarkovState(journeys._core, 1, intervals, threads)
    if name == "shapley":
        return _core.ShapleyState(journeys._core, intervals, threads)
    return _core.CreditState(journeys._core, RULES[name](), intervals, threads)


def _restored(part: Part) -> _Merging:
    made_by: Any = {"markov": _core.MarkovState, "shapley": _core.ShapleyState}.get(part.model, _core.CreditState)
    try:
        state: _Merging = made_by.from_bytes(bytes(part.state))
    except CorruptDataError as error:
        raise CorruptDataError(
            f"the state of {part.model!r} by dealtrail {part.version} cannot be read by {_core.__version__}: {error}",
            "corrupt_data",
            Where("states", "state"),
            "count its touches anew",
        ) from error
    return state


def _finish(state: _Merging, threads: int) -> _core.Credit | None:
    if isinstance(state, _core.CreditState):
        return state.finish()
    if isinstance(state, _core.MarkovState):
        return state.finish(threads)
    return state.finish("equal_split", 24, DEFAULT_SAMPLES, 0, threads)


def _channels(table: _core.Table) -> list[str]:
    return [name for name in table.column("channel") if name not in ("(unattributed)", "(total)")]


def _without_rows(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out the numbers of rows: in a shard they say nothing."""
    return [
        {name: cell for name, cell in row.items() if name not in ("first_rows", "first_values")} for row in problems
    ]


def _added(one: str, other: str) -> str:
    """Add up the counts of two lists of problems."""
    if other == "[]":
        return one
    found: dict[str, dict[str, Any]] = {}
    for row in json.loads(one) + json.loads(other):
        key = json.dumps([row["severity"], row["code"], row["column"]])
        if key in found:
            row["count"] += found[key]["count"]
        found[key] = row
    return json.dumps([found[key] for key in sorted(found)])


def _difference(one: str, other: str) -> str:
    left, right = json.loads(one), json.loads(other)
    return ", ".join(f"{name} {left[name]!r} and {right[name]!r}" for name in left if left[name] != right[name])
