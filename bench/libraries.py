"""Ours beside the library, function by function: the same work on both sides, and how far the answers lie apart.

`python -m bench libraries [WORD…]` measures only the cases whose names hold one of the words.
"""

import sys
import warnings

from bench._answer import answer
from bench._case import figures
from bench._pixels import pixels
from bench._sky import sky
from bench._text import text


def main() -> None:
    """Measure and tell."""
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    warnings.simplefilter("ignore")
    for case in (*pixels(), *sky(), *text()):
        if not words or any(word in case.name for word in words):
            answer(case.name, figures(case))


if __name__ == "__main__":
    main()
