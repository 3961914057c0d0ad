"""Questions that delay none of the others, and faults of ours that are told now and then."""

import asyncio

import pytest

from obsy.engine.safety.rounds import LOOKS_WITHIN_S, Rounds
from tests.support.lying import AGES_S
from tests.support.safety import Shed


class Asked:
    """A round on virtual time, and what becomes of each question."""

    def __init__(self, *, quick: bool) -> None:
        self.shed, self.told, self.faults = Shed(), list[tuple[str, str, float]](), list[tuple[str, bool]]()
        self.rounds = Rounds(self.shed.clock, lambda what, is_news: self.faults.append((what, is_news)), quick=quick)

    async def ask(self, what: str, lasts_s: float, fault: Exception | None = None) -> None:
        async def question() -> None:
            self.told.append((what, "asked", self.shed.elapsed_s))
            try:
                await self.shed.clock.sleep(lasts_s)
            except asyncio.CancelledError:
                self.told.append((what, "dropped", self.shed.elapsed_s))
                raise
            if fault:
                raise fault
            self.told.append((what, "answered", self.shed.elapsed_s))

        await self.rounds.ask(what, question)


def test_a_question_delays_no_other_and_is_not_put_again_until_it_is_answered() -> None:
    asked = Asked(quick=False)

    async def act() -> None:
        for _ in range(4):
            await asked.ask("slow", 2.5)
            await asked.ask("soon", 0.5)
            await asked.shed.clock.sleep(1.0)
        await asked.ask("slow", AGES_S)
        asked.rounds.end()
        await asked.shed.clock.sleep(1.0)

    asked.shed.run(act())
    assert [each[1:] for each in asked.told if each[0] == "soon"] == [
        (deed, second + after) for second in (0.0, 1.0, 2.0, 3.0) for deed, after in (("asked", 0.0), ("answered", 0.5))
    ]
    assert [each[1:] for each in asked.told if each[0] == "slow"] == [
        ("asked", 0.0),
        ("answered", 2.5),
        ("asked", 3.0),
        ("dropped", 4.0),
    ]


def test_what_need_not_be_waited_for_is_answered_before_the_next_is_asked() -> None:
    asked = Asked(quick=True)

    async def act() -> None:
        await asked.ask("one", 0.0)
        await asked.ask("other", 0.0)

    asked.shed.run(act())
    assert [each[:2] for each in asked.told] == [
        ("one", "asked"),
        ("one", "answered"),
        ("other", "asked"),
        ("other", "answered"),
    ]


@pytest.mark.parametrize("quick", [True, False])
def test_a_fault_of_ours_is_news_every_ten_minutes_and_ends_nothing(quick: bool) -> None:
    asked = Asked(quick=quick)

    async def act() -> None:
        for passes_s in (0.0, 300.0, 299.0, 1.0):
            await asked.shed.clock.sleep(passes_s)
            await asked.ask("the roof", 0.0, KeyError("x"))
            await asyncio.sleep(0)
        await asked.ask("a mount", 0.0, KeyError("y"))
        await asked.shed.clock.sleep(1.0)

    asked.shed.run(act())
    roof = "the roof: KeyError('x')"
    assert asked.faults == [
        (roof, True),
        (roof, False),
        (roof, False),
        (roof, True),
        ("a mount: KeyError('y')", True),
    ]


def test_a_fault_in_what_waits_for_nothing_is_told_like_any_other_and_ends_nothing() -> None:
    asked, done = Asked(quick=True), list[str]()

    def faulty() -> None:
        done.append("begun")
        raise KeyError("x")

    async def act() -> None:
        asked.rounds.do("the lease", faulty)
        asked.rounds.do("the switches", lambda: done.append("done"))
        asked.rounds.do("the lease", faulty)

    asked.shed.run(act())
    assert done == ["begun", "done", "begun"]
    assert asked.faults == [("the lease: KeyError('x')", True), ("the lease: KeyError('x')", False)]


def test_rounds_are_current_only_as_long_as_the_next_is_not_overdue() -> None:
    asked, seen = Asked(quick=False), []

    async def act() -> None:
        seen.append(asked.rounds.are_current)
        asked.rounds.due_within(LOOKS_WITHIN_S)
        for wait_s in (0.0, LOOKS_WITHIN_S, 0.1):
            await asked.shed.clock.sleep(wait_s)
            seen.append(asked.rounds.are_current)

    asked.shed.run(act())
    assert seen == [False, True, True, False]
