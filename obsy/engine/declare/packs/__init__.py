"""`kind: pack`: how plans of others are brought, locked, and read beside one's own."""
