"""What may be written: frozen pydantic models, one file a noun; nothing here acts."""

import os

# Looking for pydantic's plugins means reading the metadata of every installed package, at each start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
