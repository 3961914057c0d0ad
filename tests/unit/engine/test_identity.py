"""What a frame is for, through header cards and back."""

from dataclasses import asdict
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.identity import KEYWORDS, Identity, plain

said = st.none() | st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1, max_size=60)
identities = st.builds(Identity, **dict.fromkeys(KEYWORDS, said))


@given(identities)
def test_an_identity_comes_back_from_its_cards(identity):
    assert Identity.read({key: value for key, value, _ in identity.cards()}) == identity


@given(identities)
def test_anything_that_says_what_it_is_for_is_taken_by_its_word(identity):
    assert Identity.of(SimpleNamespace(**asdict(identity), path="a.fits")) == identity


@given(identities, identities)
def test_what_one_leaves_unsaid_another_says(one, other):
    both = one.over(other)
    for part in KEYWORDS:
        assert getattr(both, part) == (getattr(one, part) or getattr(other, part))


def test_what_nobody_said_has_no_card():
    assert Identity().cards() == ()
    assert Identity.read({"OBJECT": "M31", "OBSYPLAN": "  "}) == Identity()


def test_a_card_holds_printable_ascii_from_the_space_to_the_tilde():
    assert plain("\x1f !M 31 ~\x7f\n") == "? !M 31 ~??"
    assert plain("Andromède") == "Androm?de"
