"""Run migrations on the connection that appservice.store.schema hands over."""

from alembic import context

from appservice.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
