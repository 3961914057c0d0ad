import subprocess
import sys

import pytest

from obsy.engine.editor import vocabulary
from obsy.schemas.kinds import KINDS


@pytest.mark.long
def test_the_keys_of_a_place_are_those_of_its_models() -> None:
    goal = vocabulary.keys("plan", ("want", "*"))
    assert {"filter", "exposure", "total", "exposures", "with"} <= goal.keys()
    assert goal["exposure"] == "Of one frame."
    assert {"name", "ra", "dec", "of", "body"} <= vocabulary.keys("plan", ("target",)).keys()
    assert "device" in vocabulary.keys("scenario", ("faults", "*"))


@pytest.mark.long
def test_every_key_of_every_kind_says_what_it_means() -> None:
    for kind in KINDS:
        assert all(vocabulary.about(kind, (key,)) for key in vocabulary.keys(kind, ())), kind


def test_words_examples_and_phrases_are_proposed() -> None:
    assert vocabulary.words("plan", ("urgency",)) == ["normal", "immediate"]
    assert vocabulary.words("plan", ("want", "*", "exposure")) == ["180 s"]
    assert "plan" in vocabulary.words("", ("kind",))
    assert list(vocabulary.beginnings("plan", ("when", "sun"))) == ["below -18 deg"]
    assert "farther than 60 deg" in vocabulary.beginnings("plan", ("when", "moon"))
    assert vocabulary.beginnings("plan", ("urgency",)) == {}


def test_a_key_is_explained_with_its_spelling_and_its_default() -> None:
    assert "such as '180 s'" in vocabulary.about("plan", ("want", "*", "exposure"))
    assert vocabulary.about("plan", ("priority",)).endswith("Unsaid: 5.")
    assert vocabulary.about("plan", ("strange",)) == vocabulary.about("strange", ("name",)) == ""


@pytest.mark.long
@pytest.mark.once
def test_the_first_completion_in_a_plan_waits_for_no_other_kind() -> None:
    script = (
        "import sys\nfrom obsy.engine.editor import vocabulary\n"
        "assert 'want' in vocabulary.keys('plan', ())\n"
        "print(*{'obsy.schemas.recipient', 'obsy.schemas.scenario', 'obsy.schemas.night'} & set(sys.modules))\n"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == ""
