from pathlib import Path

import numpy as np
import pytest

from obsy.engine.science.spectrum.lamp_lines import lamp_lines
from obsy.errors import UserError


def test_a_lamp_is_called_by_its_elements_or_by_what_people_call_it() -> None:
    both = lamp_lines("NeAr")
    assert both.called == "Ne+Ar"
    assert [*lamp_lines("ar,ne").angstrom] == [*both.angstrom] == [*lamp_lines(("Ne", "Ar")).angstrom]
    assert lamp_lines("Relco").called == "He+Ne+Ar"


def test_lines_grow_and_stand_where_nist_has_them() -> None:
    found = lamp_lines(("He", "Ne", "Ar", "Hg"))
    assert (np.diff(found.angstrom) > 0).all()
    assert {6402.2480, 6965.4307, 5460.7500, 5875.6210} <= {*found.angstrom}  # NIST ASD, air


def test_a_list_of_ones_own_is_a_wavelength_a_line(tmp_path: Path) -> None:
    own = tmp_path / "thorium.txt"
    own.write_text("# angstrom\n6591.485, 5\n\n6538.112\n")
    found = lamp_lines(str(own))
    assert ([*found.angstrom], found.called) == ([6538.112, 6591.485], "thorium")
    own.write_text("6591.485\nlast\n")
    with pytest.raises(UserError, match="thorium.txt:2: 'last' is no line"):
        lamp_lines(str(own))


def test_what_is_neither_a_lamp_nor_a_file_is_told_what_there_is() -> None:
    with pytest.raises(UserError, match="'Xenon' is no lamp and no file: say He, Ne, Ar, Hg"):
        lamp_lines("Xenon")
