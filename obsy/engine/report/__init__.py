"""What a night gave, told from its journal: `tell` makes the story, `page` and `terminal` show it."""
