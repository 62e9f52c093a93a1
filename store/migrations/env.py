"""Runs the migrations on the connection that `store.schema` hands over, inside its transaction."""

from alembic import context

from store.models import Base
from store.schema import include_name, include_object

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_name=include_name,
    include_object=include_object,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
