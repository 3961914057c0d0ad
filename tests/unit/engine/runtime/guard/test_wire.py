"""What is said over a connection in memory arrives as over a socket, and nothing after a hang-up."""

import asyncio

from obsy.engine.runtime.guard.wire import joined


def test_who_has_hung_up_is_told_no_more_and_what_was_said_before_still_arrives() -> None:
    async def story() -> list[object]:
        here, there = joined()
        here.send({"said": "before"})
        there.close()
        here.send({"said": "after"})
        there.send({"said": "by whom has gone"})
        return [await there.read(), await there.read(), await here.read()]

    assert asyncio.run(story()) == [{"said": "before"}, None, None]
