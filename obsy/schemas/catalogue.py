"""Targets by names of one's own, for every plan."""

from typing import Literal

from obsy.schemas.model import Document, Model, Text
from obsy.schemas.target import Target


class CatalogueEntry(Model):
    """What one name means."""

    target: Target
    """A place, elements or a body, as in a plan; another name makes this one an alias."""
    source: Text = "declared"
    """Who says so, and when: SIMBAD, 2026-11-26."""


class Catalogue(Document):
    """Names that plans may use as targets; they win over those that obsy knows."""

    kind: Literal["catalogue"]
    targets: dict[Text, CatalogueEntry]
    """What each name means."""
