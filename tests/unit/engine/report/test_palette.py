"""Whether people can read the page: contrasts of WCAG 2.2, 4.5 for text and 3 for lines, light and dark."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

BACKGROUNDS = ("paper", "card", "night", "warn-paper", "grave-paper")
PLANS = tuple(f"c{number}" for number in range(1, 7))
THEMES = ("light", "dark")

Rgb = tuple[float, float, float]


@pytest.fixture(scope="module")
def palettes(root: Path) -> dict[str, dict[str, Rgb]]:
    """The colours of each theme, by name."""
    css = (root / "obsy/templates/report/palette.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    return {
        theme: {name: _rgb(value) for name, value in re.findall(r"--([\w-]+): #(\w{6})", block)}
        for theme, block in zip(THEMES, blocks, strict=True)
    }


def _rgb(value: str) -> Rgb:
    red, green, blue = (int(value[index : index + 2], 16) / 255 for index in (0, 2, 4))
    return red, green, blue


def luminance(colour: Rgb) -> float:
    """Source: WCAG 2.2, relative luminance."""
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def too_faint(colours: dict[str, Rgb], pairs: Iterator[tuple[str, str]], least: float) -> list[str]:
    found = {f"{a} on {b}": contrast(colours[a], colours[b]) for a, b in pairs}
    return [f"{words}: {ratio:.2f}" for words, ratio in found.items() if ratio < least]


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21.0)
    assert contrast(_rgb("777777"), (1, 1, 1)) == pytest.approx(4.48, abs=0.005)  # WCAG's own example


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_stands_out_from_what_is_behind_it(palettes: dict[str, dict[str, Rgb]], theme: str) -> None:
    colours, texts = palettes[theme], ("ink", "soft", "grave", "bad", "open", *PLANS)
    assert too_faint(colours, product(texts, BACKGROUNDS), 4.5) == []


@pytest.mark.parametrize("theme", THEMES)
def test_every_line_stands_out_from_the_sky(palettes: dict[str, dict[str, Rgb]], theme: str) -> None:
    assert too_faint(palettes[theme], product(("c0", *PLANS, "soft"), ("night", "card")), 3.0) == []


@pytest.mark.parametrize("theme", THEMES)
def test_no_two_plans_have_nearly_the_same_colour(palettes: dict[str, dict[str, Rgb]], theme: str) -> None:
    colours = [palettes[theme][name] for name in ("c0", *PLANS)]
    apart = [sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) for one, other in product(colours, colours)]
    assert min(each for each in apart if each) > 0.02


def test_every_theme_has_every_colour(palettes: dict[str, dict[str, Rgb]]) -> None:
    light, dark = (palettes[theme].keys() for theme in THEMES)
    assert light == dark
