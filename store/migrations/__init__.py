"""Alembic's scripts; run by `store.schema`, never by hand."""
