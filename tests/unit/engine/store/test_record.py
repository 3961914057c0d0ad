"""What a worker is sent of the store are rows alone."""

import subprocess
import sys

import pytest


@pytest.mark.once
def test_a_process_that_is_sent_rows_loads_no_database() -> None:
    show = "import sys, obsy.engine.store.record; print(*sorted({'django', 'asgiref', 'sqlparse'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", show], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
