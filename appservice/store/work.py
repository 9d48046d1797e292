"""One transaction of the store, as appservice.ports.Work has it, put together from its topics."""

from collections.abc import Sequence

from appservice.ports import Parked
from appservice.store.facts import Facts
from appservice.store.inbox import Inbox
from appservice.store.ledger import Ledger
from appservice.store.outbox import Outbox
from appservice.store.people import People
from appservice.store.records import Records
from appservice.store.scope import Scope
from appservice.store.timers import Timers
from appservice.store.vaults import Vaults


class Work:
    """Implements appservice.ports.Work; each method is documented there."""

    def __init__(self, scope: Scope) -> None:
        self._inbox = inbox = Inbox(scope)
        self.accept = inbox.accept
        self.arrivals = inbox.arrivals
        self.finish = inbox.finish
        self.set_aside = inbox.set_aside
        self.release = inbox.release
        self.postpone_arrival = inbox.postpone
        self.park_arrival = inbox.park

        self._outbox = outbox = Outbox(scope)
        self.post = outbox.post
        self.postings = outbox.postings
        self.claim_posting = outbox.claim
        self.prepare = outbox.prepare
        self.mark_keys_sent = outbox.mark_keys_sent
        self.done = outbox.done
        self.postpone_posting = outbox.postpone
        self.park_posting = outbox.park
        self.effect_by_fingerprint = outbox.by_fingerprint
        self.effect_by_event = outbox.by_event
        self.remember_event = outbox.remember_event

        records = Records(scope)
        self.get = records.get
        self.several = records.several
        self.find = records.find
        self.of_person = records.of_person
        self.of_group = records.of_group
        self.all = records.all
        self.put = records.put
        self.drop = records.drop

        people = People(scope, records)
        self.about_person = people.about
        self.forget_person = people.forget

        ledger = Ledger(scope)
        self.append = ledger.append
        self.entries = ledger.entries
        self.erase = ledger.erase
        self.verify_ledger = ledger.verify

        timers = Timers(scope, inbox)
        self.wake = timers.wake
        self.unwake = timers.unwake
        self.due = timers.due
        self.next_due = timers.next_due

        vaults, facts = Vaults(scope), Facts(scope)
        self.vault = vaults.load
        self.save = vaults.save
        self.forget = vaults.forget
        self.fact = facts.get
        self.keep_fact = facts.keep

    async def hurry(self) -> None:
        await self._inbox.hurry()
        await self._outbox.hurry()

    async def parked(self) -> Sequence[Parked]:
        """An inbox row's id is its keyed hash, an outbox row's the effect id."""
        return [*await self._inbox.parked(), *await self._outbox.parked()]

    async def retry_parked(self, id: str) -> bool:  # noqa: A002
        return await self._inbox.retry(id) or await self._outbox.retry(id)

    async def drop_parked(self, id: str) -> bool:  # noqa: A002
        return await self._inbox.drop(id) or await self._outbox.drop(id)
