"""Statements are compiled once, and find and write what Django's own would."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from django.db.models.sql.compiler import SQLCompiler

from obsy.engine.store.models import ArrivalRow, FrameRow


@pytest.fixture
def compiled(monkeypatch) -> Counter[str]:
    """How often Django compiled what question."""
    compiled, as_sql = Counter[str](), SQLCompiler.as_sql

    def counting(self, *args, **kwargs):
        sql, values = as_sql(self, *args, **kwargs)
        compiled[sql] += 1
        return sql, values

    monkeypatch.setattr(SQLCompiler, "as_sql", counting)
    return compiled


def test_a_question_that_is_asked_again_is_not_compiled_again(store, light, compiled):
    for number in range(3):
        store.put(light(number))
        assert len(store.open_frames()) == number + 1
        store.frame(light(number).sha256)
        store.masters()
    assert compiled and set(compiled.values()) == {1}


def test_questions_about_other_columns_and_verdicts_are_told_apart(store, light):
    yes, no, other = (
        replace(light(1), accepted=True),
        replace(light(2), accepted=False),
        replace(light(3), accepted=True, night=date(2026, 1, 1)),
    )
    for each in (yes, no, other):
        store.put(each)
    for _ in range(2):
        assert {each.sha256 for each in store.frames(accepted=True)} == {yes.sha256, other.sha256}
        assert {each.sha256 for each in store.frames(accepted=False)} == {no.sha256}
        assert {each.sha256 for each in store.frames(date(2026, 1, 1), accepted=True)} == {other.sha256}
        assert len(store.frames()) == 3


def test_a_row_is_as_django_reads_it(store, light):
    store.put(replace(light(1), measures={"stars": 12.0}, missing=("no dark",), accepted=True))
    (ours,) = store._kept.rows(FrameRow, {"pending": True})
    theirs = FrameRow.objects.using(store._alias).get()
    assert {key: value for key, value in vars(ours).items() if key != "_state"} == {
        key: value for key, value in vars(theirs).items() if key != "_state"
    }
    assert ours.taken_at.tzinfo is not None


def test_a_row_that_is_there_is_left_or_written_anew_as_asked(store, light):
    columns = {"path": "a", "name": "a", "size": 1, "changed_ns": 1, "inode": 1, "state": "arrived", "reason": ""}
    key = ("path", "size", "changed_ns", "inode")
    assert store._kept.write(ArrivalRow, columns, *key, anew=False)
    assert not store._kept.write(ArrivalRow, {**columns, "reason": "new"}, *key, anew=False)
    assert store._kept.rows(ArrivalRow, {"path": "a"})[0].reason == ""
    assert store._kept.write(ArrivalRow, {**columns, "reason": "new"}, *key, anew=True)
    assert [row.reason for row in store._kept.rows(ArrivalRow, {"path": "a"})] == ["new"]
