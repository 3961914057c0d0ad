"""The one door to Jinja: a template and its values in, text out."""

import json
import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(template: str, **values: object) -> str:
    """The text of a template under obsy/templates, every value escaped for XML and HTML.

    Raises jinja2.UndefinedError for a name without a value.
    """
    return _environment().get_template(template).render(values)


def render_yaml(template: str, **values: object) -> str:
    """The text of a YAML template under obsy/templates; whatever a value holds, it is one scalar.

    Raises jinja2.UndefinedError for a name without a value.
    """
    return _environment().overlay(autoescape=False, finalize=scalar).get_template(template).render(values)


PLAIN = re.compile(r"[-+]?[\w.][\w .+/()°%-]*(?<! )", re.ASCII)
OTHER = re.compile(
    r"[-+]?[\d._]+([eE][-+]?\d+)?|0[xob]\w+|\d{4}-\d.*|true|false|yes|no|on|off|null|[-+]?\.(inf|nan)", re.IGNORECASE
)
"""What a reader of YAML, 1.1 or 1.2, takes for something else than a text."""


def scalar(value: object) -> str:
    """Return a value as YAML reads it back as the same text: plain where it can be."""
    said = str(value)
    if isinstance(value, int | float):
        return said
    return said if PLAIN.fullmatch(said) and not OTHER.fullmatch(said) else json.dumps(said, ensure_ascii=False)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("obsy"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
