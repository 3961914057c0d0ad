"""What a night gave, told from its journal: `story_of` makes the story, `page` and `terminal` show it."""
