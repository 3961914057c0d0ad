"""photutils is loaded as it is, but for its look through all that is installed."""

import subprocess
import sys

import pytest

LOAD = """
import importlib.metadata as metadata
looked, look = [], metadata.packages_distributions
def counted(): looked.append(1); return look()
metadata.packages_distributions = counted
import obsy.engine.reduce.apertures
assert metadata.packages_distributions is counted, "another's look would find nothing"
from photutils.utils import _optional_deps as found
named = dict.fromkeys(look()["photutils"])
print(len(looked), list(named) == [found._pkg_dist_name], len(found._optional_deps) > 3)
"""


@pytest.mark.slow
@pytest.mark.once
def test_photutils_looks_through_no_other_packages_and_knows_its_own_all_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", LOAD], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["0", "True", "True"]
