"""The index of what is done, in a database behind a handle; Django is loaded with its tables, not with its rows."""
