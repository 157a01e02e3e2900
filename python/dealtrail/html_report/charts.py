"""The charts of the report as Vega-Lite, and the JavaScript that draws them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

MISSING = "the report needs {}: pip install 'dealtrail[report]'"
#: Okabe and Ito (2008): told apart by people who see colours in another way, too.
PALETTE = (
    *("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#9a8c00", "#7f7f7f"),
    *("#6a3d9a", "#b15928", "#1b9e77", "#e7298a", "#666699", "#a6761d"),
)


@lru_cache(maxsize=1)
def drawing_code() -> str:
    """Give Vega-Embed with Vega and Vega-Lite as one script that leaves ``window.vegaEmbed``; needs vl-convert."""
    try:
        import altair
        import vl_convert
    except ImportError as error:
        raise ImportError(MISSING.format("Altair and vl-convert-python")) from error
    version = ".".join(str(altair.SCHEMA_VERSION).removeprefix("v").split(".")[:2])
    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=version))


def charts(words: dict[str, str], figures: dict[str, str], symbol: str) -> dict[str, dict[str, Any]]:
    """Give the specification of every chart by its name; each reads its rows from a data set called ``rows``."""
    try:
        import altair as alt
    except ImportError as error:
        raise ImportError(MISSING.format("Altair")) from error

    rows = alt.NamedData(name="rows")
    order = None  # as the rows come
    months = alt.X("month:N", sort=order, title=None, axis=alt.Axis(labelAngle=-45, labelOverlap="greedy", ticks=False))
    millions = f"format(datum.value / 1e6, '~r') + '\u00a0{words['million']}'"
    money = alt.Axis(labelExpr=f"datum.value >= 1e6 ? {millions} : format(datum.value, ',')", tickCount=6)
    colours = alt.Scale(range=list(PALETTE))

    def tip(field: str, title: str) -> Any:
        return alt.Tooltip(f"{field}:N", title=title)

    announcements = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=months,
            y=alt.Y("value:Q", title=None, axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color(
                "name:N",
                sort=order,
                title=None,
                scale=colours,
                legend=alt.Legend(orient="bottom"),
            ),
            tooltip=[
                tip("month", words["month"]),
                tip("name", words["channel"]),
                tip("text", figures["announcements"]),
            ],
        )
    )
    money_bars = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=months,
            xOffset=alt.XOffset("name:N", sort=order),
            y=alt.Y("value:Q", title=None, axis=money),
            color=alt.Color(
                "name:N",
                sort=order,
                title=None,
                scale=alt.Scale(range=[PALETTE[1], PALETTE[2]]),
                legend=alt.Legend(orient="bottom"),
            ),
            tooltip=[tip("month", words["month"]), tip("name", words["figure"]), tip("text", symbol)],
        )
    )
    prices = (
        alt.Chart(rows)
        .mark_bar(color=PALETTE[0])
        .encode(
            x=alt.X("value:Q", title=None, axis=money),
            y=alt.Y("name:N", sort=order, title=None, axis=alt.Axis(ticks=False)),
            tooltip=[
                tip("name", words["channel"]),
                tip("text", figures["cost_per_attendee"]),
                tip("cost", figures["cost"]),
                tip("came", figures["came"]),
            ],
        )
    )
    guests = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=months,
            y=alt.Y("value:Q", title=None, axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color(
                "name:N",
                sort=order,
                title=None,
                scale=alt.Scale(range=[PALETTE[2], PALETTE[4]]),
                legend=alt.Legend(orient="bottom"),
            ),
            tooltip=[tip("month", words["month"]), tip("name", words["figure"]), tip("text", figures["came"])],
        )
    )
    made = {"announcements": announcements, "money": money_bars, "prices": prices, "guests": guests}
    made |= {"credit": _credit(words, tip), "roles": _roles(words, tip)}
    return {name: _whole(chart) for name, chart in made.items()}


def _credit(words: dict[str, str], tip: Callable[[str, str], Any]) -> Any:
    """Give a dot per channel and model, on a line from the least to the most."""
    import altair as alt

    share = alt.Axis(format=".0%", tickCount=6)
    base = alt.Chart(alt.NamedData(name="rows")).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(ticks=False))
    )
    lines = base.mark_rule(color="#8a8f99", size=2).encode(
        x=alt.X("min(value):Q", title=None, axis=share), x2=alt.X2("max(value):Q")
    )
    dots = base.mark_point(size=75, filled=True).encode(
        x=alt.X("value:Q", title=None, axis=share),
        color=alt.Color(
            "model:N",
            sort=None,
            title=None,
            scale=alt.Scale(range=list(PALETTE)),
            legend=alt.Legend(orient="bottom"),
        ),
        shape=alt.Shape("model:N", sort=None, title=None),
        opacity=alt.Opacity("opacity:Q", scale=None),
        tooltip=[
            tip("name", words["channel"]),
            tip("model", words["model"]),
            tip("text", words["share"]),
            tip("range", words["interval"]),
            tip("count", words["credited"]),
            tip("money", words["credited_value"]),
            tip("price", words["price_each"]),
        ],
    )
    return lines + dots


def _roles(words: dict[str, str], tip: Callable[[str, str], Any]) -> Any:
    """Give the parts that channels played as parts of a bar."""
    import altair as alt

    return (
        alt.Chart(alt.NamedData(name="rows"))
        .mark_bar()
        .encode(
            x=alt.X("value:Q", stack="normalize", title=None, axis=alt.Axis(format=".0%", tickCount=6)),
            y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(ticks=False)),
            color=alt.Color(
                "part:N",
                sort=None,
                title=None,
                scale=alt.Scale(range=[PALETTE[1], PALETTE[2], PALETTE[0], PALETTE[7]]),
                legend=alt.Legend(orient="bottom"),
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                tip("name", words["channel"]),
                tip("part", words["figure"]),
                tip("text", words["count"]),
                tip("helped", words["assisted"]),
            ],
        )
    )


def _whole(chart: Any) -> dict[str, Any]:
    """Give a chart as wide as its place, in the colours of the text around it."""
    grid = "rgba(128,128,128,0.25)"
    whole = (
        chart.properties(width="container", height=260, background="transparent")
        .configure(font="system-ui, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=12,
            labelColor="currentColor",
            titleColor="currentColor",
            gridColor=grid,
            domainColor=grid,
            tickColor=grid,
        )
        .configure_legend(labelFontSize=12, labelColor="currentColor", titleColor="currentColor")
    )
    spec: dict[str, Any] = whole.to_dict()
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return spec
