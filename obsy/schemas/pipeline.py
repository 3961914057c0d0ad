"""What happens to a light: an ordered list of steps, each with its settings."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Document, Model, Whole
from obsy.units import Before, Pixels, Sigmas, Widths


class PipelineStep(Model):
    """One thing that is done to a light."""

    is_built_at_once: ClassVar[bool] = True
    step: str
    """Which step this is."""


class Bias(PipelineStep):
    """Subtract the master bias."""

    step: Literal["bias"]


class Dark(PipelineStep):
    """Subtract the master dark of the same exposure, less its bias."""

    step: Literal["dark"]


class Flat(PipelineStep):
    """Divide by the master flat of the same filter."""

    step: Literal["flat"]


class Cosmics(PipelineStep):
    """Replace what cosmic rays left (L.A.Cosmic)."""

    step: Literal["cosmics"]
    significance: Sigmas = 5.0
    """How far a pixel must stand out to be a hit."""


class Measure(PipelineStep):
    """Measure background, stars, their width and their shape; the quality policy decides on these."""

    step: Literal["measure"]
    threshold: Sigmas = 5.0
    """How far a star must stand out of the background."""
    mesh: Pixels = 64.0
    """Edge of a cell of the background."""
    stars: Whole = Field(default=200, ge=50, le=5000)
    """So many of the brightest detections have their shape measured, and stand in the table of stars."""


class Solve(PipelineStep):
    """Find the frame among the catalogue's stars and write its world coordinates."""

    step: Literal["solve"]


Radius = Annotated[Widths, Field(ge=0.5, le=10)]


class Photometry(PipelineStep):
    """Measure the light of every star, and write the table of stars that light curves are made of."""

    step: Literal["photometry"]
    aperture: Widths = Field(default=1.5, ge=0.5, le=10)
    """Radius of the aperture, in the frame's own star width."""
    also: tuple[Radius, ...] = (0.8, 1.0, 1.25, 2.0)
    """Radii that are measured beside, as far as they lie within the ring: a light curve takes what scatters least."""
    method: Literal["aperture", "psf", "auto"] = "aperture"
    """Whether the frame's own star shape is fitted too, to stars and their neighbours together: of a target that has
    neighbours (auto), or always (psf)."""
    inner: Widths = 4.0
    """Inner radius of the ring of sky around each star."""
    outer: Widths = Field(default=8.0, le=20)
    """Outer radius of that ring."""

    @model_validator(mode="after")
    def _ring_lies_around(self) -> Self:
        if not self.aperture <= self.inner < self.outer:
            raise unfit(
                "out-of-range",
                found=f"an aperture of {self.aperture:g} fwhm and a ring from {self.inner:g} to {self.outer:g} fwhm",
                expected="the ring of sky outside of the aperture, its outer radius above the inner one",
                mend="write for example {step: photometry, aperture: 1.5 fwhm, inner: 4 fwhm, outer: 8 fwhm}",
                at=("outer",),
            )
        return self


class Align(PipelineStep):
    """Resample onto the plan's own grid, so that every frame of every night fits."""

    step: Literal["align"]


class Stack(PipelineStep):
    """Add to the stack of its filter while the night runs; combine with rejection when it ends."""

    step: Literal["stack"]
    reject: Sigmas = 3.0
    """How far a pixel may stray from its fellows before it is left out."""


def _no_word(value: object) -> object:
    if isinstance(value, str):
        raise unfit("not-a-mapping", expected="a step, beside its settings if any", mend=f"write '{{step: {value}}}'")
    return value


Step = Annotated[
    Bias | Dark | Flat | Cosmics | Measure | Solve | Photometry | Align | Stack,
    Field(discriminator="step"),
    Before(_no_word),
]
"""In the order in which a pipeline may have them."""


class Pipeline(Document):
    """Steps in the order in which they run."""

    kind: Literal["pipeline"]
    steps: tuple[Step, ...] = Field(min_length=1)
    """First to last."""
