"""Whatever becomes of a file on its way, it is read, or told of in words: there is no traceback."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.declare.compose import compose
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.written import Origin
from obsy.engine.importing.formats import reader_of
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.home import Home
from obsy.engine.importing.placing import all_told
from obsy.engine.importing.wish import Wish
from obsy.engine.importing.writing import plan_of
from obsy.errors import UserError
from tests.support.effort import examples

SAMPLES = sorted((Path(__file__).parents[3] / "golden/import").glob("*/*"))
TEXTS = {f"{path.parent.name}/{path.name}": path.read_text() for path in SAMPLES}
NOBODY = Home(Declared(Path(), (), ()), Path("plans"))
BITS = st.sampled_from(
    [
        "",
        "<",
        ">",
        '"',
        "'",
        "&",
        "{",
        "}",
        "[",
        "]",
        ",",
        ";",
        "\n",
        "1e999",
        "-",
        "null",
        "é",
        "\x00",
        "&#1;",
        "9" * 400,
    ]
)


@settings(max_examples=examples(40), deadline=None)
@given(st.data())
def test_a_mutated_file_is_read_or_told_of(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    text = TEXTS[name]
    for _ in range(data.draw(st.integers(1, 3))):
        at, gone = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 30))
        text = text[:at] + data.draw(BITS) + text[at + gone :]
    source = GivenFile(Path(name), text)
    try:
        found = list(all_told(reader_of(source, None), source))
    except UserError as error:
        assert name in str(error)
        return
    for wish in (each for each in found if isinstance(each, Wish)):
        nodes = compose(plan_of(wish, "a-name", NOBODY, wish.name)[0], Origin(name))
        assert isinstance(nodes, list) and len(nodes) == 1


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY a "aaa"><!ENTITY b "&a;&a;&a;">]><SchedulerList>&b;</SchedulerList>',
        '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]><SchedulerList>&a;</SchedulerList>',
        "<SchedulerList>" + "<a>" * 500,
    ],
    ids=["entities that grow", "an entity from outside", "too deep"],
)
def test_xml_that_would_do_harm_is_refused_with_its_line(text: str) -> None:
    source = GivenFile(Path("night.esl"), text)
    with pytest.raises(UserError, match="night.esl:1: (an entity is declared|too much XML)"):
        list(reader_of(source, None).read(source))
