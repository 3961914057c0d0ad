"""What may be written: frozen pydantic models, one file a noun; nothing here acts."""

from obsy.schemas.plugins import leave_out

leave_out()
