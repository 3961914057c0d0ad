import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.clouds import clouds
from obsy.engine.clouds.model import read_model
from obsy.errors import UserError
from tests.support.onnx import mean_of_each_colour
from tests.support.skies import encoded, sky


def say(*arguments: object, fails: bool = False) -> str:
    said = CliRunner().invoke(clouds, [str(each) for each in arguments])
    if fails:
        assert isinstance(said.exception, UserError | SystemExit), said.exception
        return f"{said.output}{said.exception}"
    assert said.exception is None, said.exc_info
    return said.output


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six nights of a clear and of an overcast sky, one image of each, 96 x 128 pixels."""
    folder = tmp_path_factory.mktemp("labels")
    for night in range(6):
        for minute, kind in enumerate(("clear", "overcast")):
            path = folder / kind / f"eye_{date(2026, 3, 1) + timedelta(days=night):%Y%m%d}_220{minute}00.jpg"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(encoded(sky(kind, 10 * night + minute, shape=(96, 128))))
    return folder


def test_an_image_is_looked_at_and_a_folder_s_newest(labels):
    told = say("look", labels / "overcast", labels / "overcast" / "eye_20260301_220100.jpg", "--json")
    newest, first = (json.loads(line) for line in told.splitlines())
    assert (newest["image"], first["image"]) == ("eye_20260306_220100.jpg", "eye_20260301_220100.jpg")
    assert first["sky"] != "clear"
    assert first["exposed_at"] == "2026-03-01T22:01:00+00:00"
    assert say("look", labels / "overcast").startswith("eye_20260306_220100.jpg, 2026-03-06 22:01:00 UTC: ")


@pytest.mark.parametrize("where", ["gone.jpg", "gone.sqlite", "http://127.0.0.1:1/image.jpg", "."])
def test_what_cannot_be_looked_at_is_named(where, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert f"'{where}': " in say("look", where, fails=True)


@pytest.mark.slow
def test_what_is_trained_is_tried_written_and_used(labels, tmp_path):
    file = tmp_path / "eye.json"
    told = say("train", labels, "--camera", "eye", "--to", file)
    assert "called clear and was cloud: 0 of 6 images" in told
    assert "on 0 of 6 nights with cloud; with 95 % certainty on fewer than 39 of 100" in told
    assert "It only advises: it may call cloud clear on up to 39 of 100 nights" in told
    assert read_model(file).camera == "eye"
    assert ": clear (" in say("look", labels / "clear", "--model", file)
    assert ": overcast (" in say("look", labels / "overcast", "--model", file)


@pytest.mark.long
def test_a_machine_is_told_the_figures(labels, tmp_path):
    told = json.loads(say("train", labels, "--camera", "eye", "--to", tmp_path / "eye.json", "--json"))
    assert told["figures"]["cloudy_nights"] == 6
    assert (told["mistaken"], told["left_out"], told["model"]) == ([], {}, str(tmp_path / "eye.json"))


def test_two_nights_are_too_few_to_rest_on(labels, tmp_path):
    for path in labels.glob("*/eye_2026030[12]*"):
        (tmp_path / path.parent.name).mkdir(exist_ok=True)
        (tmp_path / path.parent.name / path.name).write_bytes(path.read_bytes())
    told = say("train", tmp_path, "--camera", "eye")
    assert "On nights" not in told
    assert "It only advises: it was tried on no night that it had not learned from: label more nights" in told
    assert (tmp_path / "model.json").exists()


@pytest.mark.slow
def test_images_are_laid_out_for_labels_once(labels, tmp_path):
    into = tmp_path / "labels"
    told = say("label", labels, "--to", into, "--number", 4)
    assert told.startswith(f"4 images lie in '{into / 'to-check'}'")
    assert len(list(into.glob("to-check/*/*.jpg"))) == 4
    assert len(json.loads(say("label", labels, "--to", into, "--number", 99, "--json"))) == 2  # ten minutes apart
    assert "already" in say("label", labels, "--to", into, fails=True)


def test_a_network_of_others_is_tried_on_one_s_own_images(labels, tmp_path):
    pytest.importorskip("onnxruntime")
    (tmp_path / "net.onnx").write_bytes(mean_of_each_colour(224))
    (tmp_path / "labels.txt").write_text("0 Aurora\n1 Clear\n\n2 Partly Cloudy\n")
    net = ("--network", tmp_path / "net.onnx", "--labels", tmp_path / "labels.txt")
    told = say("train", labels, "--camera", "eye", "--to", tmp_path / "eye.json", *net)
    assert "'Aurora' is unusable until you say what it means" in told
    network = read_model(tmp_path / "eye.json").network
    assert (network.file, network.labels) == ("net.onnx", ("Aurora", "Clear", "Partly Cloudy"))
    assert network.means == {"Clear": "clear", "Partly Cloudy": "partly"}
    said = say("train", labels, "--camera", "eye", *net, "--means", "Aurora=clear", "--to", tmp_path / "eye.json")
    assert "unusable until" not in said
    for wrong in ("Aurora=blue", "Frost=clear", "Aurora"):
        assert "is neither a label" in say("train", labels, "--camera", "eye", *net, "--means", wrong, fails=True)
    assert "add '--labels" in say("train", labels, "--camera", "eye", *net[:2], fails=True)


def test_a_zone_that_nobody_knows_is_told(labels):
    assert "'Mars' is no time zone" in say("look", labels, "--zone", "Mars", fails=True)
