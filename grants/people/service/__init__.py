"""Use cases of accounts, sessions, residents and organisations."""
