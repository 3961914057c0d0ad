"""What a file offers: the targets that it means, and a word on each of the others."""

from pathlib import Path

import pytest

from obsy.engine.choice.offer import SHOWN, Offer, few, offer
from obsy.engine.declare.names import lookup
from obsy.errors import UserError

PLAN = "kind: plan\nname: {name}\n{target}\nwant: [{{filter: ZZ, exposure: 60 s, count: 5}}]\npipeline: deep-sky\n"


def of(text: str, tmp_path: Path, root: Path) -> Offer:
    (tmp_path / "list.txt").write_text(text)
    return offer(str(tmp_path / "list.txt"), root)


def test_a_file_offers_its_places_and_names_with_what_obsy_knows_of_them(tmp_path: Path, root: Path) -> None:
    read = of("name,ra (deg),dec\nmy spot,83.8,-5.4\nM 31,,\nMoon,,\nnobody,,\nJupiter,,\nCeres,,\n", tmp_path, root)
    found = {each.name: each for each in read.sights}
    assert set(found) == {"my spot", "M 31", "Jupiter", "Ceres"}
    assert found["Jupiter"].body == "jupiter" and found["Ceres"].absolute == (3.33, 0.15)
    assert found["my spot"].ra_deg == pytest.approx(83.8) and found["M 31"].kind == "galaxy"
    assert read.left == [
        "line 4: 'Moon': it moves too fast among the stars",
        "line 5: 'nobody': obsy knows nothing by that name",
    ]


def test_what_import_refuses_is_not_offered_and_told(tmp_path: Path, root: Path) -> None:
    read = of("name,ra,dec\nM 33,05h35m17s,-05d23m28s\nspot,05h35m17s,95d00m00s\nM 31,,\n", tmp_path, root)
    assert [each.name for each in read.sights] == ["M 31"]
    assert [each.split(":")[0] for each in read.left] == ["line 2", "line 3"] and "from M 33" in read.left[0]


@pytest.mark.parametrize(
    ("name", "target", "names"),
    [
        ("m42", "target: M 33", {"M 33": "M 33"}),
        ("deep", "target: M 52", {"M 52": "M 52"}),
        ("deep", "targets: [M 33, M 34]", {"M 33": "M 33", "M 34": "M 34"}),
        ("m42", "target: {ra: 01h33m50.9s, dec: +30d39m37s}", {"m42": "M 33"}),
    ],
)
def test_a_plan_offers_its_target_whatever_the_plan_is_called(
    name: str, target: str, names: dict[str, str], tmp_path: Path, root: Path
) -> None:
    read = of(PLAN.format(name=name, target=target), tmp_path, root)
    assert {each.name for each in read.sights} == set(names)
    for each in read.sights:
        place = lookup(names[each.name])
        assert place and (each.ra_deg, each.dec_deg) == pytest.approx((place.ra_deg, place.dec_deg), abs=0.01)
        assert each.kind == (place.kind if each.name == names[each.name] else "target")


def test_a_plan_offers_what_its_own_catalogue_means(tmp_path: Path, root: Path) -> None:
    own = "kind: catalogue\nname: mine\ntargets:\n  My blob: {target: {ra: 10 deg, dec: 20 deg}}\n"
    (sight,) = of(f"{own}---\n{PLAN.format(name='deep', target='target: My blob')}", tmp_path, root).sights
    assert (sight.name, sight.ra_deg, sight.dec_deg) == ("My blob", 10, 20)


def test_a_file_of_what_moves_too_fast_alone_is_no_catalogue(tmp_path: Path, root: Path) -> None:
    with pytest.raises(UserError, match="names no target that can be offered; line 2: 'Moon': it moves too fast"):
        of("name\nMoon\n", tmp_path, root)


def test_a_long_list_of_what_is_left_is_cut(tmp_path: Path, root: Path) -> None:
    read = of("name\nM31\n" + "".join(f"nobody{number}\n" for number in range(SHOWN + 3)), tmp_path, root)
    assert len(read.left) == SHOWN + 3 and few(read)[-1] == "and 3 more" and len(few(read)) == SHOWN + 1


def test_a_plan_with_elements_of_its_own_is_offered_as_bright_as_nobody_knows(tmp_path: Path, root: Path) -> None:
    elements = "epoch: 2025-11-21 TT, semi_major_axis: 2.77 au, eccentricity: 0.08, inclination: 10.6 deg"
    said = f"target: {{{elements}, node: 80.2 deg, argument: 73.3 deg, mean_anomaly: 231.5 deg}}"
    (sight,) = of(PLAN.format(name="ours", target=said), tmp_path, root).sights
    assert (sight.name, sight.kind, sight.absolute) == ("ours", "asteroid", None) and sight.elements is not None
