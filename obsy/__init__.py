"""obsy runs an observatory from text."""

import os

__version__ = "0.1.0"

# Our matrices are small: OpenBLAS's threads would wait for each other by spinning, four times as long as one works.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
