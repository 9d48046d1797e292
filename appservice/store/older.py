"""Brings what older versions wrote to the form that this one reads."""

from sqlalchemy import delete, select

from appservice.domain.records import Consent
from appservice.store import tables
from appservice.store.codec import RECORDS, loads
from appservice.store.facts import Facts
from appservice.store.records import Records
from appservice.store.scope import Scope, place

TABLE = tables.records
_DONE = "consents are found by person and group"


async def bring_up(scope: Scope) -> None:
    """Once: of each person and group keep the newest consent only, where it is looked for now.

    Each had a key of its own before, with the moment in it.
    """
    if await Facts(scope).get(_DONE):
        return
    newest: dict[str, Consent] = {}
    for row in await scope.rows(select(TABLE).where(TABLE.c.kind == Consent.kind)):
        where = place(TABLE, "body", f"{row.kind} {row.key}")
        consent = RECORDS.value(loads(scope.keys.open(where, row.body)))
        if isinstance(consent, Consent):
            known = newest.get(consent.key)
            if known is None or known.given < consent.given:
                newest[consent.key] = consent
    await scope.run(delete(TABLE).where(TABLE.c.kind == Consent.kind))
    records = Records(scope)
    for consent in newest.values():
        await records.put(consent)
    await Facts(scope).keep(_DONE, b"yes")
