"""Statements that are given again and again: each is compiled once, and later only its values are new.

To compile one, Django takes ten times as long as SQLite to carry it out.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import Model

Row = Any
"""An instance of one of the models."""


class _Question(NamedTuple):
    sql: str
    columns: Sequence[str]
    converters: Sequence[tuple[int, Sequence[Callable[..., Any]], Any]]
    """How what the database gives for a column, by its number, becomes what the model holds."""


class _Change(NamedTuple):
    sql: str
    fields: Sequence[Any]


class KeptStatements:
    """The statements of one database; usable from any thread."""

    def __init__(self, alias: str) -> None:
        """Nothing is compiled yet."""
        self._alias = alias
        self._questions: dict[tuple[Any, ...], _Question] = {}
        self._changes: dict[tuple[Any, ...], _Change] = {}

    def rows(self, model: type[Model], wanted: Mapping[str, Any], *, newest: bool = False) -> list[Row]:
        """Return the rows that have the wanted values, none of which is None, in the model's order; or only the last.

        Raises what a row raises of which a column cannot be understood.
        """
        connection = connections[self._alias]
        fixed = {name: value for name, value in wanted.items() if isinstance(value, bool)}  # Django needs no value then
        values = [self._as_held(model, name, wanted[name]) for name in sorted(wanted.keys() - fixed)]
        key = model, newest, *sorted(wanted), *sorted(fixed.items())
        if (question := self._questions.get(key)) is None:
            self._questions[key] = question = self._compiled(model, newest, wanted, values)
        with connection.cursor() as cursor:
            cursor.execute(question.sql, values)
            found = cursor.fetchall()
        if question.converters:
            found = [self._as_meant(row, question) for row in found]
        return [model.from_db(self._alias, question.columns, row) for row in found]

    def write(self, model: type[Model], columns: Mapping[str, Any], *key: str, anew: bool) -> bool:
        """Write a row; if there is one with this key, write that anew, or leave it. Return whether anything changed."""
        change = self._changes.get((model, anew, *columns))
        if change is None:
            self._changes[model, anew, *columns] = change = self._insertion(model, list(columns), key, anew=anew)
        connection = connections[self._alias]
        values = [each.get_db_prep_save(columns[each.name], connection) for each in change.fields]
        with connection.cursor() as cursor:
            cursor.execute(change.sql, values)
            return bool(cursor.rowcount)

    def _as_held(self, model: type[Model], name: str, value: Any) -> Any:
        return model._meta.get_field(name).get_db_prep_value(value, connections[self._alias])  # type: ignore[union-attr]  # noqa: SLF001

    def _as_meant(self, row: Sequence[Any], question: _Question) -> list[Any]:
        values, connection = list(row), connections[self._alias]
        for number, converters, expression in question.converters:
            for convert in converters:
                values[number] = convert(values[number], expression, connection)
        return values

    def _compiled(
        self, model: type[Model], newest: bool, wanted: Mapping[str, Any], values: Sequence[Any]
    ) -> _Question:
        asked = model._default_manager.using(self._alias).filter(**wanted)  # noqa: SLF001 (Django's own way)
        compiler = (asked.reverse()[:1] if newest else asked).query.get_compiler(self._alias)
        sql, given = compiler.as_sql()
        assert list(given) == list(values), "a statement's values are in the order of their names"
        shown = [expression for expression, *_ in compiler.select or ()]
        how = compiler.get_converters(shown)
        columns = [expression.target.attname for expression in shown]
        return _Question(sql, columns, [(number, *each) for number, each in how.items()])

    def _insertion(self, model: type[Model], names: Sequence[str], key: Sequence[str], *, anew: bool) -> _Change:
        """The same words for SQLite and PostgreSQL. Source: sqlite.org/lang_upsert.html, which follows PostgreSQL's."""
        quoted = connections[self._alias].ops.quote_name
        fields = [model._meta.get_field(name) for name in names]  # noqa: SLF001 (Django's own way)
        held, having = (", ".join(map(quoted, each)) for each in (names, key))
        others = ", ".join(f"{quoted(name)} = excluded.{quoted(name)}" for name in names if name not in key)
        sql = (
            f"INSERT INTO {quoted(model._meta.db_table)} ({held}) VALUES ({', '.join(['%s'] * len(names))}) "  # noqa: SLF001
            f"ON CONFLICT ({having}) DO {f'UPDATE SET {others}' if anew else 'NOTHING'}"
        )
        return _Change(sql, fields)


def whole(row: Model) -> dict[str, Any]:
    """Return a row's columns. Raises ValueError if it lacks one that it must have, or has one that is no such value."""
    columns = vars(row)
    for column in row._meta.concrete_fields:  # noqa: SLF001 (Django's own way)
        if columns[column.name] is None and not column.null:
            raise ValueError(f"no {column.name}")
    return columns
