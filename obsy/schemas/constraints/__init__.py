"""When a target may be taken: one file a word of `when`, with what may be said and what it means."""
