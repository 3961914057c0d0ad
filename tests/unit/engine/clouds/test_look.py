import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from obsy.engine.clouds.look import look
from obsy.engine.clouds.model import SHIPPED
from obsy.errors import UserError
from tests.support.skies import encoded, sky


def asked(raw, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "obsy.engine.clouds.look", *arguments], input=raw, capture_output=True, check=False
    )


@pytest.mark.long
def test_a_process_says_what_is_seen():
    done = asked(encoded(sky("overcast"), exposed_at=datetime(2026, 3, 1, 22)), "Europe/Madrid")
    told = json.loads(done.stdout)
    assert told["sky"] != "clear"
    assert told["cloud"] == 100
    assert told["exposed_at"] == "2026-03-01T22:00:00+01:00"
    assert len(told["blocks"]) == 192


def test_what_is_no_image_is_unusable_and_has_no_fingerprint():
    found = look(b"<html>404</html>", UTC)
    assert (found.seen.sky, found.blocks, found.exposed_at) == ("unusable", (), None)
    assert found.seen.why.startswith("it cannot be read as an image")


@pytest.mark.long
def test_a_model_that_is_missing_is_told(tmp_path):
    done = asked(encoded(sky()), "UTC", str(tmp_path / "gone.json"))
    assert done.returncode == 1
    assert done.stderr.decode().startswith(f"the model '{tmp_path}/gone.json' cannot be read")
    with pytest.raises(UserError):
        look(encoded(sky()), UTC, tmp_path)


def test_the_shipped_model_is_used_where_none_is_named():
    assert look(encoded(sky("overcast")), UTC) == look(encoded(sky("overcast")), UTC, SHIPPED)
