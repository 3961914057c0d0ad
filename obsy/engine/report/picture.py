"""A chart as a file of its own: its title, and colours that any program can read."""

import re

from obsy.engine.render import render


def picture(template: str, title: str, words: str, height: int, **values: object) -> str:
    """Return a chart as SVG, 1000 px wide; height: of the chart, px; values: what its template asks for besides."""
    colours = dict(re.findall(r"--([\w-]+): (#\w+);", render("report/palette.css").partition("@media")[0]))
    style = re.sub(r"var\(--([\w-]+)\)", lambda found: colours[found[1]], render("report/chart.css"))
    return render(
        "report/picture.svg.j2", drawing=template, title=title, words=words, height=height, style=style, **values
    )
