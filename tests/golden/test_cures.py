"""Every cure cures: what a complaint proposes is typed in, and in the end the case is well.

What can be typed as it stands is typed by `typed`. Where a cure leaves a choice, `CHOSEN` chooses as a person might; it
is found by the words of the cure, so that other words need another look. A whole file is written only where the cure
says that there is none yet, or none that can be read.
"""

import re
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.survey import complaints
from tests.golden.test_validate import CASES, GOLDEN, lay_out
from tests.support.cases import mostly_long

M31 = "plans/m31.yaml"
NIGHT, PIPELINE = "library/night.yaml", "library/pipeline.yaml"
PLAN = (GOLDEN / "all-is-well" / M31).read_text()
SECOND = """kind: calibration
name: refractor
train: refractor
bias: {count: 9, max_age: 9 d}
dark: {count: 9, max_age: 9 d}
"""
MAST = (GOLDEN / "observatory" / "site/weather.yaml").read_text().replace("station", "mast").replace("home", "away")
NOTHING = "\0"
"""In the place of a whole file: it is removed."""
Edit = tuple[str, str, str]
"""A file, what stands in it, and what is to stand there; without words, the whole file."""


def lent(name: str) -> Edit:
    """Take a file over from the observatory that is well."""
    return name, "", (GOLDEN / "observatory" / name).read_text()


SINCE = "{}\nsince: 2099-11-{} 18:00 UTC\nuntil: 2099-11-{}"
CHOSEN: dict[str, tuple[Edit, ...]] = {
    "write a shorter exposure, or a lower 'altitude'": (("plans/sat.yaml", "exposure: 10 min", "exposure: 1 min"),),
    "write a max_age of three times 'every'": (("site/weather.yaml", "max_age: 20 s", "max_age: 90 s"),),
    "write a stuck of half an hour or longer": (("site/weather.yaml", "stuck: 60 s", "stuck: 30 min"),),
    "write 'by day' or 'never'": (("site/policy.yaml", "at night", "never"),),
    "add 'servers: [{name: hut, alpaca: http://…}]' to the site, with its own address": (
        ("site/site.yaml", "horizon: trees", "horizon: trees\nservers: [{name: hut, alpaca: 'http://10.0.0.5'}]"),
    ),
    "remove one of the two points": (("site/horizon.yaml", ", {azimuth: 360 deg, altitude: 8 deg}", ""),),
    "write 'count: 3' beside 'every: 4 d', in the place of 'total'": ((M31, "total: 3 h,", "count: 3,"),),
    "put the unguarded move last, or remove this one": (
        (NIGHT, "  - {source: waiting, event: dawn, dest: closing}\n", ""),
    ),
    "write 'phd2: localhost:4401', and have a second PHD2 listen there": (
        ("site/train.yaml", "guider: {", 'guider: {phd2: "localhost:4401", '),
    ),
    "write its own, or remove the one at site/away.yaml:6:1": (("site/roof.yaml", "Dome", "Another"),),
    "write its own, or remove the one at site/second.yaml:19:3": (("site/train.yaml", "CCD", "Another"),),
    "remove it, or the one in line 2": ((M31, "name: m32\n", ""),),
    "remove it, or the one in line 3": ((M31, "target: M32\n", ""),),
    "begin one with 'kind:', or remove the file": ((M31, "", NOTHING),),
    "write plans/m31.yaml": ((M31, "", PLAN),),
    "name it, or make it and write the first plan in it": ((M31, "", PLAN),),
    "write a longer total, or a shorter exposure": ((M31, "4 h", "180 s"), (M31, "total: 180 s", "total: 1 h")),
    "write a shorter exposure, or wider limits in 'when'": ((M31, "2 h", "180 s"),),
    "choose one, or add 'OIII' to the 'filters' of a train": ((M31, "OIII", "Ha"),),
    "write 'groups: [clubb]' in a person of it": (("site/people.yaml", "[school]", "[school, clubb]"),),
    "remove the second one": ((M31, "[L, R, L]", "[L, R]"),),
    "split the plan into one for each train": ((M31, "[L, V]", "L"),),
    "remove it": (
        ("site/override.yaml", "limits: {rain: above 1 mm/h}", "limits: {cloud: above 60 %}"),
        (M31, ", formerly: R-60s", ""),
        (
            M31,
            "{name: red, filter: R, exposure: 60 s, total: 1 h, formerly: R-30s}",
            "{filter: Ha, exposure: 60 s, total: 1 h}",
        ),
        (M31, "formerly: [m31, andromeda]", ""),
        ("site/site.yaml", "formerly: home", ""),
    ),
    "add the two amounts together, or give one of them a name: 'name: deep'": (
        (M31, "{filter: [R, L]", "{name: deep, filter: [R, L]"),
    ),
    "remove the alias": ((M31, "*when", "above 35 deg"),),
    "keep one of them, such as 'total'": ((M31, ", count: 20", ""),),
    "put quotes around a value that begins with '[' or '{'": ((M31, "[a, b]: 1", '"[a, b]": 1'),),
    "add 'target: …'": ((M31, "kind: plan", "kind: plan\ntarget: M31"),),
    "add 'want: …'": ((M31, "kind: plan", "kind: plan\nwant: [{filter: L, exposure: 180 s, total: 3 h}]"),),
    "add 'name: …'": ((M31, "kind: plan", "kind: plan\nname: m31"),),
    "write 'pipeline: deep-sky'": ((M31, "pipeline: bare", "pipeline: deep-sky"),),
    "add 'pipeline: …'": ((M31, "kind: plan", "kind: plan\npipeline: deep-sky"),),
    "remove '[a, b]'": ((M31, '"[a, b]": 1\n', ""),),
    "write the driver's own word for each of the two filters": (
        ("site/train.yaml", "L, label: Luminance", "L, label: Lum"),
    ),
    "give one of the two another name; the first stands at plans/m31.yaml:2:7": (("plans/other.yaml", "m31", "m32"),),
    "let 'done' lead from 'closing' to 'finished'": (
        (NIGHT, "closing, event: done, dest: closing", "closing, event: done, dest: finished"),
    ),
    "ask for 'above 21 deg', or choose a target farther north": ((M31, "above 35 deg", "above 21 deg"),),
    "say what changes, such as 'rain: 2.5 mm/h'": (("library/scenario.yaml", "02:00}", "02:00, rain: 2.5 mm/h}"),),
    "remove the fault": (
        ("library/scenario.yaml", "  - {at: 22:00, device: panel, fault: stuck}\n", ""),
        ("library/scenario.yaml", "  - {at: 22:00, device: newton panel, fault: stuck}\n", ""),
        ("library/scenario.yaml", "  - {at: 23:00, device: newton focuser, fault: disconnect}\n", ""),
    ),
    "name another device, or fault": (
        ("library/scenario.yaml", "camera, fault: lie", "camera, fault: stuck"),
        ("library/scenario.yaml", "obsy, fault: stuck", "roof, fault: stuck"),
        ("library/scenario.yaml", "station, fault: moved", "station, fault: disagree"),
    ),
    "remove its 'input', or the whole change": (("library/scenario.yaml", ", input: station, seeing", ", seeing"),),
    "remove 'until', or write a later time": (("library/scenario.yaml", ", until: 23:00", ""),),
    "copy those of the example beside yours": (("*", "", ""),),
    "correct the name; it is seen from the file that includes it": (
        (M31, "!include whan.yaml", "{altitude: above 9 deg}"),
    ),
    "take the plan out, or ask for less": (
        (M31, "above 2 deg", "above 0.5 deg"),
        (M31, "below 1 arcsec", "below 4 arcsec"),
    ),
    "add one to library": (lent(NIGHT), ("library/second.yaml", "", SECOND)),
    "write 'dest: opening', and lead from there to 'observing' on 'done'": (
        (NIGHT, "event: safe, dest: observing", "event: safe, dest: opening"),
    ),
    "add 'site: away' or 'site: home'": (("site/away.yaml", "name: dome", "name: dome\nsite: away"),),
    "add 'enclosure: dome' or 'enclosure: roof'": (
        ("site/away.yaml", "name: fork", "name: fork\nenclosure: dome"),
        ("site/away.yaml", "name: rain", "name: rain\nenclosure: dome"),
    ),
    "choose a target that passes beside or below it, or correct the ceiling": (
        ("plans/polaris.yaml", "dec: +89 deg", "dec: +10 deg"),
    ),
    "loosen 'altitude', choose a target that passes beside or below it, or correct the ceiling": (
        (M31, "above 57 deg", "above 30 deg"),
    ),
    "narrow 'meridian_zone', or choose a target that is up for longer": (("plans/m83.yaml", "M83", "M31"),),
    "loosen 'meridian', narrow 'meridian_zone', or choose a target that is up for longer": (
        (M31, "within 2 h", "within 6 h"),
    ),
    "choose a target farther south": ((M31, "dec: +85 deg", "dec: +10 deg"),),
    "choose a target farther north": ((M31, "dec: -51 deg", "dec: +10 deg"),),
    "write the elements of 'eros' in its place, as docs/language.md shows for comets and asteroids": (
        (M31, "{body: eros}", "M31"),
    ),
    "add one to site": (lent("site/weather.yaml"),),
    "add 'quality:' to a policy": (lent("site/policy.yaml"),),
    "add 'safety:' to a policy": (lent("site/policy.yaml"),),
    "add 'retention:' to a policy": (lent("site/policy.yaml"),),
    "write '02:00' or '23:30:00'": (("library/scenario.yaml", "25:00", "02:00"),),
    "write 'below 2 arcsec' or 'above 1.5 deg'": ((M31, "about 1 deg", "above 0.5 deg"),),
    "write 'b' for the first planet of a star": ((M31, "HAT-P-32 b", "b"),),
    "write '[…]', or one '- …' to a line": (
        (M31, "{filter: L, exposure: 180 s, total: 3 h}", "[{filter: L, exposure: 180 s, total: 3 h}]"),
    ),
    "take 'observing' out of safe": ((NIGHT, "waiting, observing, ", "waiting, "),),
    "take the '- ' before each key away": ((M31, "- kind: plan\n- name: m31\n", "kind: plan\nname: m31\n"),),
    "write '{key: value, key: value}'": (("plans/m33.yaml", "[above 35 deg]", "{altitude: above 35 deg}"),),
    "write '{key: value}'": (),
    'write " where it ends': ((M31, '"M31\n', '"M31"\n'), ("plans/m32.yaml", '"M32\n', '"M32"\n')),
    "write ',' between two entries, or ] where the [ in line 4 ends": (("plans/m33.yaml", "3 h}\n", "3 h}]\n"),),
    "type a blank in its place": (("plans/m34.yaml", "\u00c2\u00a0", " "),),
    "choose another: obsy points at no Sun": (("plans/sun.yaml", "sun}", "moon}"),),
    "write 'above 30 deg and below 80 deg' if both hold; else keep one, and give the other a goal of its own": (
        (M31, "deg or below", "deg and below"),
    ),
    "put quotes around it": ((M31, "notes: 31", "notes: '31'"),),
    "write it in digits, without a unit": ((M31, "many", "3"),),
    "declare the 'guider' of a train, or remove 'guiding': one that is there guides anyway": (
        (M31, "guiding: required\n", ""),
    ),
    "write it in digits": ((M31, "true", "3"),),
    "put quotes around a value that holds ': ', and check the indentation": ((M31, "m31: again", "'m31: again'"),),
    "add wind to the 'measures' of an input that has it, or remove the limit": (
        ("site/policy.yaml", "wind: above 40 km/h, ", ""),
    ),
    "train one: 'obsy clouds train FOLDER --camera eye'; until then remove the limit": (
        ("site/policy.yaml", ", cloud: above 40 % and hold for 3 min", ""),
    ),
    "train it, or remove 'model'": (("site/weather.yaml", ", model: library/gone.json", ""),),
    "add rain to the 'measures' of an input that has it, or remove the limit": (("site/mast.yaml", "", MAST),),
    "write 'target: {ra: …, dec: …, planets: {b: {epoch: …, period: …, duration: …}}}'": ((M31, "M31", "HAT-P-32"),),
    "write 'of minimum'": ((M31, "of maximum", "of minimum"),),
    "say the order in the plan: 'turns: 6 frames' changes goals, 'dither: every 3 frames' moves between them": (
        (M31, "", PLAN),
    ),
    "remove it, or the one at site/policy.yaml:5:1": (("site/policy2.yaml", "", NOTHING),),
    "remove it, or the one at site/policy2.yaml:4:1": (("site/policy2.yaml", "value: {quality: 3}", ""),),
    "remove it, or the one at library/calibration.yaml:3:8": (("library/more.yaml", "", NOTHING),),
    "include a file with one document": (("plans/parts/two.yaml", "", "altitude: above 9 deg\n"),),
    "add a move with 'dest: dreaming', or remove the state": ((NIGHT, "  dreaming: {do: wait}\n", ""),),
    "remove the line": ((M31, "%YAML 1.1\n", ""),),
    "add 'with: {exposure: …}', or a default in plans/parts/lrgb.yaml": (
        ("plans/parts/lrgb.yaml", "exposure: ,", "exposure: 60 s,"),
    ),
    "write it out": ((M31, "notes: !include {file: parts/lol.yaml, with: {ha: haha}}\n", ""),),
    "write 'one night of m31' here and in the other plan, or remove 'together'": ((M31, "together: one night\n", ""),),
    "remove 'total'": ((M31, ", total: 1 h}}", "}}"),),
    "ask its author to leave it out": (("packs/messier/policy.yaml", "", NOTHING),),
    "say it under 'change', remove packs/messier, and run 'obsy pack messier'": (
        ("packs.lock", "0" * 64, sha256((GOLDEN / "packs/packs/messier/m31.yaml").read_bytes()).hexdigest()),
    ),
    "run 'obsy pack caldwell'": (
        ("plans/packs.yaml", "---\nkind: pack\nname: caldwell\nsource: ../packs/caldwell\nversion: 1.2.0\n", ""),
    ),
    "copy the file here, and include the copy": ((M31, "!include ../../elsewhere.yaml", "{altitude: above 9 deg}"),),
    "give one of the two filters another role": (("site/train.yaml", "L, label: Red", "R, label: Red"),),
    "keep one of the two 'above'": ((M31, "above 35 deg and above 40 deg", "above 40 deg"),),
    "say what must hold, or leave the key out": ((M31, "altitude: {}", "altitude: above 9 deg"),),
    "add '- {step: align}'": ((PIPELINE, "{step: stack}", "{step: align}, {step: stack}"),),
    "add '- {step: solve}'": ((PIPELINE, "{step: align}", "{step: solve}, {step: align}"),),
    "remove one of the two": ((PIPELINE, "{step: dark}, {step: dark}", "{step: dark}"),),
    "move it before 'measure'": ((PIPELINE, "{step: measure}, {step: dark}", "{step: dark}, {step: measure}"),),
    "write two blanks for each tab": ((M31, "\t", "  "),),
    "write a timeout of one and a half times the travel": (("site/roof.yaml", "timeout: 40 s", "timeout: 70 s"),),
    "take most of them away": ((M31, "notes: " + "[" * 700, "notes: See [[M 32]]"),),
    "exchange the two": (("site/train.yaml", "800 mm, focal_length: 200 mm", "200 mm, focal_length: 800 mm"),),
    "add one": ((M31, "filter: []", "filter: [L]"),),
    "write wider limits in 'when'": ((M31, "within 1 h", "within 3 h"),),
    "write 'baseline: 31 min', or wider limits in 'when'": ((M31, "baseline: 45 min", "baseline: 31 min"),),
    "write 'roof', or declare an enclosure with 'name: dome'": (("site/mount.yaml", "dome", "roof"),),
    "add 'diary: …' to secrets.yaml, or set OBSY_DIARY": (("secrets.yaml", "", "diary: dear\n"),),
    "remove it, or put quotes around the value": ((M31, "!python ", ""),),
    "look it up with 'timedatectl list-timezones'": (("site/site.yaml", "Europe/Nerpio", "Europe/Madrid"),),
    "see that it is there, and that you may read it": ((M31, "", NOTHING), (M31, "", PLAN)),
    "add 'read: {wind: wind.speed in km/h}' to it": (
        ("site/sensors.yaml", "{file: /run/wind.json}", "{file: /run/wind.json, read: {wind: wind.speed in km/h}}"),
    ),
    "write 'says: open' of a roof, or 'says: parked' of a mount; of anything else, remove 'says'": (
        ("library/scenario.yaml", "says: home", "says: parked"),
    ),
    "put 'if_not_parked' under 'safety'": (
        (
            "site/policy.yaml",
            "if_not_parked: close after 10 min\nsafety: {",
            "safety: {if_not_parked: close after 10 min, ",
        ),
    ),
    "move 'drills' out of 'limits', to stand beside it": (
        ("site/policy.yaml", ", drills: by day}", "}, drills: by day"),
    ),
    "write one of them without brackets": (("site/override.yaml", "[station, other]", "station"),),
    "take battery out of 'measures'": (("site/sensors.yaml", "[wind, battery]", "[wind]"),),
    "add 'rain' to its 'read'": (("site/sensors.yaml", "wind in km/h, ", "wind in km/h, rain: rain in mm/h, "),),
    "add humidity to 'measures'": (("site/sensors.yaml", "[wind, rain]", "[wind, rain, humidity]"),),
    "keep one such as 'ntfys://topic' or 'mailtos://user:password@host' in secrets.yaml": (
        ("secrets.yaml", "ana: hush", "ana: ntfys://hush"),
    ),
    "write 'address: !secret ana', and 'ana: …' into secrets.yaml": (("site/ana.yaml", "ntfys://hush", "!secret ana"),),
    "write 'write: {safety_proxy: /run/obsy/safety}'": (
        ("site/out.yaml", "{watcher: /run/w, roof: /run/r}", "{roof: /run/r}"),
    ),
    "write 'login: !secret house', and 'house: …' into secrets.yaml": (
        ("site/ana.yaml", "login: 'me:hush'", "login: !secret ana"),
    ),
    "add 'alarm' here": (
        ("site/people.yaml", "hears: [notice", "hears: [alarm, notice"),
        ("site/ana.yaml", "hears: [notice", "hears: [alarm, notice"),
    ),
    "add 'owner: …'": (("site/override.yaml", "name: nobodys\n", "name: nobodys\nowner: Ana\n"),),
    "write 'station', or declare a weather with 'name: moths'": (
        ("site/override.yaml", "ignore: moths", "limits: {wind: above 50 km/h}"),
    ),
    "add 'ignore: cloud-sensor', or 'limits: {wind: above 50 km/h}'": (
        ("site/override.yaml", "name: both\n", "name: both\nlimits: {wind: above 50 km/h}\n"),
    ),
    "mend the sensor, or add another one for rain: without one the roof stays closed": (
        ("site/mast.yaml", "", MAST.replace("away", "home")),
    ),
    "write it elsewhere": (
        ("site/out.yaml", "name: house\nwrite: {roof: /run/r}", "name: house\nwrite: {roof: /run/s}"),
        ("site/out.yaml", "/run/x/../obsy/safety.state", "/run/obsy/overlay"),
        ("site/out.yaml", ", topic: obsy/house}", ", topic: obsy/second}"),
    ),
    "delete one of the two, or let one end before the other begins": (
        ("site/moths.yaml", "2099-11-22 05", "2099-11-22 06"),
    ),
    "remove the second 'alarm'": (("site/ana.yaml", ", summary, alarm]", ", summary]"),),
    "write another value, or remove it": (
        ("library/scenario.yaml", "{at: 02:00, wind: 20 km/h}", "{at: 02:00, wind: 30 km/h}"),
        ("library/scenario.yaml", "{at: 03:00, rain: 0 mm/h,", "{at: 03:00, rain: 1 mm/h,"),
    ),
    "write it later": (("site/override.yaml", "2099-11-20", "2099-11-22"),),
    "let it end earlier": (("site/override.yaml", "2099-12-24", "2099-11-24"),),
    "remove cloud from one of them, or let one end before the other begins": (
        ("site/override.yaml", SINCE.format("harm", 21, 22), SINCE.format("harm", 23, 24)),
        ("site/override.yaml", SINCE.format("at once", 21, 22), SINCE.format("at once", 25, 26)),
    ),
    "delete the override, or add the limit to the policy": (
        ("site/override.yaml", "{wind: above 50 km/h}", "{cloud: above 60 %}"),
    ),
    "move it to site": (("plans/ana.yaml", "", NOTHING),),
    "write '{name: shed, indi: localhost}'": (("site/site.yaml", "{name: shed}", "{name: shed, indi: localhost}"),),
    "rename it, or that at site/site.yaml:9:12": (
        ("site/site.yaml", "pier, indi: localhost", "shed, indi: localhost"),
    ),
    "remove 'site: away', or name an enclosure of it": (("site/away.yaml", "name: extra\nsite: away", "name: extra"),),
}

VALUE = r"(?:\{.*?\}|\[[^\]]*\]|'[^']*'|[^,\n}\]]*)"
"""What may stand behind a key."""


def typed(text: str, told: Diagnostic) -> str | None:  # noqa: C901, PLR0911  a way a line
    """The file with the cure typed in where the complaint points; None if the cure leaves a choice."""
    lines = text.splitlines(keepends=True)
    start = sum(map(len, lines[: told.mark.line - 1])) + told.mark.column - 1
    if led := re.search(r"([a-z_]+): *['\"]?$", text[:start]):
        start -= len(led[0])  # a complaint about a value is cured from its key on
    before, rest = text[:start], text[start:]
    column = start - before.rfind("\n") - 1
    found = re.findall(r"'([^']+)'", told.found)
    key = (re.match(r"([a-z_]+):", rest) or [""])[0]
    words = (re.match(r"[^']*'(.*)'", told.mend) or ["", ""])[1]
    if words.startswith("- {source: "):
        return f"{text}  {words}\n"
    if "…" in words:
        return None
    if told.mend.startswith("did you mean") and found:
        return before + rest.replace(found[-1], words.partition("'")[0], 1)
    if re.fullmatch(
        r"(write|write at least|write at most|write for example|put a minus before it:) '[^']*'", told.mend
    ):
        own = re.match(r"[a-z_]+: ", words)
        if own and own[0] in rest.partition("\n")[0]:
            return before + re.sub(rf"{own[0]}{VALUE}", lambda _: words, rest, count=1)
        if found and found[-1] in rest and not words.startswith("- "):
            return before + rest.replace(found[-1], words, 1)
    if re.fullmatch(r"remove '[a-z_]+'", told.mend) and key == words + ":":
        gone = re.sub(rf"^{key} *{VALUE}(, )?", "", rest, count=1)
        return before.removesuffix(", ") + gone if gone.startswith("}") else before + gone
    if re.fullmatch(r"add '[a-z_]+: [^…]*'", told.mend):
        if rest.startswith("{"):
            return before + "{" + words + ", " + rest[1:]
        return before + (words + ", " if before.endswith("{") else words + "\n" + " " * column) + rest
    return None


def cured(here: Path, told: Diagnostic) -> None:
    """Do what a complaint says."""
    file = here / told.mark.file
    if told.mend == "save the file as UTF-8 in your editor":
        file.write_text(file.read_text("latin-1"))
        return
    if told.mend == "chmod 600 secrets.yaml":
        (here / "secrets.yaml").chmod(0o600)
        return
    for name, old, new in CHOSEN.get(told.mend, ()):
        if name == "*":
            shutil.copytree(GOLDEN / "observatory", here, dirs_exist_ok=True)
            return
        there = (here / name).read_text("latin-1") if (here / name).is_file() else ""
        if new == NOTHING and (here / name).is_symlink() | (here / name).exists():
            (here / name).unlink()
            return
        if old in there and not (there and not old and new.startswith("kind:") and new != PLAN):
            (here / name).parent.mkdir(exist_ok=True)
            (here / name).write_text(there.replace(old, new, 1) if old else new)
            return
    text = file.read_text() if file.is_file() else None
    after = None if text is None else typed(text, told)
    assert after is not None, f"nobody has chosen: {told}"
    file.write_text(after)


@pytest.mark.once
@pytest.mark.parametrize("case", mostly_long(CASES, 8), ids=lambda case: case.name)
def test_who_does_what_the_complaints_say_is_well_in_the_end(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    lay_out(case, here)
    monkeypatch.chdir(here)
    told = complaints(Path("."), Path("plans"))
    for _ in range(15):
        if not told:
            break
        cured(here, told[0])
        after = complaints(Path("."), Path("plans"))
        assert told[0] not in after, f"it did not help: {told[0]}"
        told = after
    assert told == []
