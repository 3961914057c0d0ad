import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta

import pytest

from obsy.engine.clouds.fingerprint import fingerprint
from obsy.engine.clouds.image import opened
from obsy.engine.devices.sources import allsky
from obsy.engine.devices.sources.allsky import same
from obsy.engine.devices.sources.sources import WeatherSources
from obsy.errors import DeviceError
from obsy.schemas.cloud_model import CloudModel
from tests.support.skies import encoded, learned, sky


@pytest.fixture
def camera(clock, declare, tmp_path, monkeypatch, request):
    """A camera whose newest image is what `show` was given last; `read` asks the input."""

    class Camera:
        path = tmp_path / "image.jpg"
        device = {"allsky": str(path), "model": str(tmp_path / "model.json")}
        port = WeatherSources(clock, "UTC").port(declare(["cloud"], device), lambda: None)
        seen = {"sky": "clear", "why": "", "cloud": 3.0}

        def show(self, pixels, age_s=0.0, **header):
            self.path.write_bytes(encoded(pixels, **header))
            at = datetime.now(UTC).timestamp() - age_s
            os.utime(self.path, (at, at))

        def read(self):
            return asyncio.run(self.port.read())

        def image(self, pixels, age_s=0.0, **header):
            self.show(pixels, age_s, **header)
            return self.read()

    made = Camera()
    (tmp_path / "model.json").write_text(CloudModel(clear_from=0.9, learned=learned()).model_dump_json())

    def looked_at(found, model, zone):
        picture = opened(found.raw, zone)
        exposed_at = picture.exposed_at.isoformat() if picture.exposed_at else None
        return {**made.seen, "exposed_at": exposed_at, "blocks": fingerprint(picture.rgb)}

    if "process" not in request.node.name:
        monkeypatch.setattr(allsky, "looked_at", looked_at)
    return made


def drawn(pixels, number):
    """The same sky under another clock."""
    pixels = pixels.copy()
    pixels[2:14, 4:100] = 30 + 20 * number
    return pixels


def test_nothing_is_believed_before_the_image_has_changed(camera):
    with pytest.raises(DeviceError, match="may be frozen"):
        camera.image(sky(seed=1))
    with pytest.raises(DeviceError, match="may be frozen"):
        camera.image(drawn(sky(seed=1), 1))
    assert camera.image(sky(seed=2)).values == {"cloud": 3.0}


def test_a_frozen_image_grows_old_whatever_time_it_bears(camera, now):
    with pytest.raises(DeviceError):
        camera.image(sky(seed=1), age_s=700)
    first = camera.image(sky(seed=2), age_s=600)
    assert abs(now - first.taken_at - timedelta(seconds=600)) < timedelta(seconds=1)
    for number in range(3):
        assert camera.image(drawn(sky(seed=2), number), age_s=0).taken_at == first.taken_at
    assert camera.image(sky(seed=3)).taken_at > first.taken_at + timedelta(seconds=590)


def test_a_placeholder_in_between_makes_a_frozen_image_no_younger(camera):
    with pytest.raises(DeviceError):
        camera.image(sky(seed=1), age_s=700)
    first = camera.image(sky(seed=2), age_s=600)
    camera.image(sky("partly", seed=9))
    assert camera.image(drawn(sky(seed=2), 3)).taken_at == first.taken_at


@pytest.mark.parametrize(("hours", "believed"), [(-1, "header"), (1, "file")])
def test_the_oldest_of_header_and_file_dates_an_image(camera, now, hours, believed):
    at = (now + timedelta(hours=hours)).replace(microsecond=0)
    with pytest.raises(DeviceError):
        camera.image(sky(seed=1))
    taken_at = camera.image(sky(seed=2), exposed_at=at).taken_at
    assert abs(taken_at - (at if believed == "header" else now)) < timedelta(seconds=1)


def test_a_file_of_the_future_has_the_time_it_has_and_is_never_young(camera, now):
    """The verdict refuses what is more than a second ahead."""
    with pytest.raises(DeviceError):
        camera.image(sky(seed=1))
    assert camera.image(sky(seed=2), age_s=-3600).taken_at > now + timedelta(minutes=59)


def test_an_unusable_image_is_no_reading_and_says_why(camera):
    with pytest.raises(DeviceError):
        camera.image(sky(seed=1))
    camera.image(sky(seed=2))
    camera.seen = {"sky": "unusable", "why": "it is black", "cloud": 100.0}
    with pytest.raises(DeviceError, match=r"'image.jpg' shows nothing: it is black"):
        camera.image(sky(seed=3))


@pytest.mark.long
def test_a_process_of_its_own_looks_at_the_image(camera, monkeypatch):
    monkeypatch.setattr(allsky, "LOOKS_FOR_S", 120.0)  # however busy the machine is
    monkeypatch.setattr(allsky, "ANSWER_S", 125.0)
    with pytest.raises(DeviceError, match="may be frozen"):
        camera.image(sky("overcast", seed=1))
    assert camera.image(sky("overcast", seed=2)).values == {"cloud": 100.0}
    camera.path.write_bytes(b"<html>404</html>")
    with pytest.raises(DeviceError, match="cannot be read as an image"):
        camera.read()


@pytest.mark.parametrize(
    ("program", "said"),
    [("import os; os.kill(os.getpid(), 11)", "ended with -11"), ("import time; time.sleep(60)", "without an end")],
)
def test_a_process_that_dies_or_hangs_takes_nobody_with_it(camera, monkeypatch, tmp_path, program, said):
    monkeypatch.setattr(allsky, "LOOKS_FOR_S", 0.2 if "sleep" in program else 5.0)
    dying = tmp_path / "python"
    dying.write_text(f"#!{sys.executable}\n{program}\n")
    dying.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(dying))
    with pytest.raises(DeviceError, match=said):
        camera.image(sky())


def test_other_noise_is_another_image_and_other_ink_is_not():
    one = fingerprint(sky(seed=1))
    assert not same(one, fingerprint(sky(seed=2)))
    assert same(one, fingerprint(drawn(sky(seed=1), 5)))
    assert not same(one, one[1:])
    assert same(("", ""), ("", ""))
    again = opened(encoded(drawn(sky(seed=1), 7)), None).rgb  # drawn upon, and written as JPEG anew
    assert same(fingerprint(opened(encoded(sky(seed=1)), None).rgb), fingerprint(again))
    assert not same(fingerprint(opened(encoded(sky(seed=2)), None).rgb), fingerprint(again))
