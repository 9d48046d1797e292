"""Drop records of kinds that the encryption machine keeps no more.

They are learnt again: device lists are asked for, and new sessions begin with the next message.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_RETIRED = (
    "tracked",
    "device",
    "olm",
    "unwedge",
    "renewed",
    "keyless",
    "sessions",
    "inbound",
    "seen",
    "shared",
    "outbound",
)


def upgrade() -> None:
    crypto = sa.table("crypto", sa.column("kind", sa.String))
    op.execute(crypto.delete().where(crypto.c.kind.in_(_RETIRED)))
