"""What may be written: frozen pydantic models, one file a noun; nothing here acts."""
