"""When a block begins with a focus run."""


def focus_is_due(since_s: float, every_s: float) -> bool:
    """Return whether a block begins with a focus run; since_s: since the last one ended, infinite if there was none.

    The sequencer goes by it, and so does all that plans for it.
    """
    return since_s >= every_s
