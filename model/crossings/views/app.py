"""The app: a season lived through week by week in a browser, without any network.

Mesa's SolaraViz with the panels of `crossings.views.app_panels`. Solara imports this module and shows
``page``; ``crossings app`` starts the server. Sliders and scenario take effect at Reset.
"""

from __future__ import annotations

import html
import warnings
from typing import Any

with warnings.catch_warnings():  # Mesa's own use of Solara's hooks, which nobody here can mend
    warnings.simplefilter("ignore")
    import solara
    from mesa.visualization import SolaraViz
    from mesa.visualization.utils import update_counter

from matplotlib.figure import Figure

from crossings.outcomes.provenance import LIMITS
from crossings.views import app_panels
from crossings.views.app_model import SLIDERS, AppModel, archive

_TOLD = {
    "arrivals": "people arrived",
    "deaths": "died trying",
    "returned": "returned",
    "admitted": "admitted by the legal route",
    "waiting": "waiting at the coast now",
}


@solara.component
def Status(model: AppModel) -> None:  # noqa: N802, a component
    """Where the run stands, in numbers, with the limits of use and the download."""
    update_counter.get()
    found = app_panels.totals(model)
    cells = "".join(
        '<div style="margin:0 1.1em .5em 0">'
        f'<b id="total-{name}" style="font-size:1.5em">{_number(found[name])}</b><br>{told}</div>'
        for name, told in _TOLD.items()
    )
    silent = [
        word
        for word, there in (("returns", model.has_returns), ("legal places", model.has_legal_route))
        if not there
    ]
    note = (
        f"<p>This scenario has no policy of {' or '.join(silent)} to turn up or down.</p>" if silent else ""
    )
    solara.HTML(
        unsafe_innerHTML=(
            f'<p><b id="scenario">{html.escape(model.setting.name)}</b>, seed {model.streams.seed}, '
            f'<span id="date">{_stands(model)}</span></p>'
            f'<div style="display:flex;flex-wrap:wrap">{cells}</div>{note}'
            f'<p style="font-size:.85em;color:#666">{html.escape(LIMITS)} Sliders multiply what '
            "the scenario says; they, the seed and the scenario take effect at Reset.</p>"
        )
    )
    solara.FileDownload(lambda: archive(model), filename="crossings-run.zip", label="Download the run")


def _number(value: float) -> str:
    return "\u2013" if value != value else f"{value:,.0f}"  # noqa: PLR0124, nan


def _stands(model: AppModel) -> str:
    if not model.done:
        return f"about to begin on {model.setting.start}"
    return f"up to {model.clock.date(int(model.steps) - 1)}{'' if model.running else ': the end'}"


def _figure(draw: Any) -> Any:
    @solara.component
    def Panel(model: AppModel) -> None:  # noqa: N802, a component
        update_counter.get()
        figure: Figure = draw(model)
        solara.FigureMatplotlib(figure, format="svg")

    return Panel


COMPONENTS = [
    (Status, 0),
    (_figure(app_panels.draw_map), 0),
    (_figure(app_panels.draw_weeks), 0),
    (_figure(app_panels.draw_pipeline), 0),
    (_figure(app_panels.draw_beliefs), 0),
]


_LOOKS = """
.v-tabs { display: none; }  /* there is one page, which Mesa would head with "Page 0" */
@media (max-width: 1263px) {  /* one beneath the other where two would be too small to read */
  .vue-grid-layout { height: auto !important; }
  .vue-grid-item {
    position: static !important; transform: none !important;
    width: 100% !important; height: auto !important;
  }
}
"""


@solara.component
def page() -> None:
    """Show the whole app; each visitor has a run of their own."""
    model = solara.use_memo(AppModel, [])
    solara.Style(_LOOKS)
    SolaraViz(
        solara.use_reactive(model),
        components=COMPONENTS,
        model_params=SLIDERS,
        name="Crossings",
        play_interval=1,
        render_interval=7,
    )
