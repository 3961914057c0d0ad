"""What a star does again and again, whatever its shape."""

from obsy.engine.science.period.dip import Dip
from obsy.engine.science.period.harmonics import Folded

Repeated = Folded | Dip
