"""The page of a night: one HTML file that needs nothing else."""

import os
from functools import partial
from pathlib import Path

from obsy.engine.render import render
from obsy.engine.report.altitude import altitude_chart
from obsy.engine.report.card import cards, left
from obsy.engine.report.ribbon import ribbon
from obsy.engine.report.story import Story
from obsy.engine.report.strip import frame_strip, weather_strip
from obsy.engine.report.words import clock, day, duration, hours, several


def write(story: Story, path: Path) -> None:
    """Put the page there, whole or not at all; a page that was there is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(html(story))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def html(story: Story) -> str:
    """The page's text: the same story gives the same bytes."""
    return render(
        "report/night.html.j2",
        story=story,
        cards=cards(story.plans),
        left=left(story.plans),
        altitude=altitude_chart(story),
        weather=weather_strip(story),
        frames=frame_strip(story),
        ribbon=ribbon(story),
        clock=partial(clock, timezone=story.timezone),
        day=day,
        duration=duration,
        hours=hours,
        several=several,
    )
