"""What a roof is proven by, where its driver can be asked so."""

import pytest
from pydantic import ValidationError

from obsy.schemas.enclosure import Enclosure

ROOF = {"kind": "enclosure", "name": "roof", "type": "roll-off", "travel": "45 s", "timeout": "90 s"}


@pytest.mark.parametrize("proof", ["motion", "switches"])
def test_a_proof_over_alpaca_has_no_effect_and_is_told(proof):
    with pytest.raises(ValidationError, match="no-effect: a device of INDI"):
        Enclosure.model_validate({**ROOF, "proof": proof, "device": {"alpaca": "dome/0"}})


@pytest.mark.parametrize(
    "said",
    [{"device": {"alpaca": "dome/0"}}, {"proof": "switches", "device": {"indi": "Roof"}}, {"proof": "switches"}],
)
def test_a_roof_without_one_or_over_indi_is_as_it_was_written(said):
    assert Enclosure.model_validate({**ROOF, **said}).proof == said.get("proof", "motion")
