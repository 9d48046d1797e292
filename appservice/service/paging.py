"""Reaches people outside of Matrix; that it does not go is an alert by itself."""

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.clock import Clock
from appservice.domain.cases.case import Case, Stage
from appservice.domain.effects import Page, SendPageCode, TellOperator
from appservice.domain.events import PageCodeSent, PageFailed
from appservice.domain.paging.addresses import OPERATOR
from appservice.domain.paging.proving import DIGITS
from appservice.domain.person import Person
from appservice.domain.state import House
from appservice.domain.types import CauseId, EffectId, Text, Words, effect_id
from appservice.errors import CirclekeeperError, PermanentError, TransientError
from appservice.ports import Alert, Arrival, Pager, Performed, Posting, Store
from appservice.service.holding import HeldError, Turns
from appservice.service.lanes import lane_of_effect, lane_of_event

LONGEST = 30.0  # seconds that one may take
LATE = timedelta(minutes=10)  # from then on it is of use only while nobody has the case
TOLD_EVERY = timedelta(hours=1)


class Paging:
    """The ways that the operator has set up; without one every page fails, and is told so."""

    def __init__(  # noqa: PLR0913
        self,
        pagers: Iterable[Pager],
        store: Store,
        clock: Clock,
        words: Words,
        house: House,
        operator: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Take `operator`: ways and addresses of whoever runs the house."""
        self._pagers = {pager.way: pager for pager in pagers}
        self._store = store
        self._clock = clock
        self._words = words
        self._house = house
        self._operator = operator
        self._turns = Turns(clock)
        self._telling = asyncio.Lock()

    async def page(self, posting: Posting, page: Page) -> Performed:
        """Ask somebody to look at a case. Raises TransientError: to be tried again.

        PageFailed happens once for each page, at its first failure.
        """
        if await self._is_over(posting, page):
            return Performed()
        places = await self._places(page)
        if not places:
            return Performed(happened=(_failed(page),))
        try:
            await self._one_of(places, self._alert(posting.id, page))
        except HeldError:
            raise
        except TransientError:
            await self._climb(posting, page)
            raise
        except PermanentError:
            await self._climb(posting, page)
        return Performed()

    async def send_code(self, posting: Posting, send: SendPageCode) -> Performed:
        """Send a code to an address; it is drawn by the key of this installation.

        A repeat draws the same. Whoever asked waits for an answer: nothing is tried again.
        """
        drawn = hashlib.sha256(self._store.hash("page code", posting.id).encode()).digest()
        code = f"{int.from_bytes(drawn) % 10**DIGITS:0{DIGITS}}"
        lines = (Text("paging-code", {"code": code}), Text("paging-code-why", self._keeper))
        said = tuple(self._words.say(line, send.language) for line in lines)
        try:
            await self._ask(send.way, Alert(posting.id, send.address, said, code=code))
        except (TransientError, PermanentError) as error:
            await self._tell_operator(send.way, error)
            code = ""
        return Performed(
            happened=(PageCodeSent(send.room, send.user, send.way, send.address, code),)
        )

    @property
    def _keeper(self) -> dict[str, str]:
        return {"keeper": self._house.keeper}

    def _alert(self, effect: EffectId, page: Page) -> Alert:
        case = f"C-{page.number}" if page.number else ""
        heading = Text("paging-subject-drill" if page.drill else "paging-subject", {"case": case})
        lines = (heading, Text("paging-where", self._keeper))
        said = tuple(self._words.say(line, page.language) for line in lines)
        return Alert(effect, "", said, case, page.drill)

    async def _one_of(self, places: Iterable[tuple[str, str]], alert: Alert) -> None:
        """Go to each; who has several addresses is reached if one of them is."""
        reached, faults = False, list[CirclekeeperError]()
        for way, address in places:
            try:
                with self._turns.taken((way, address)):
                    await self._ask(way, replace(alert, address=address))
            except (TransientError, PermanentError) as error:
                faults.append(error)
                if not isinstance(error, HeldError):
                    await self._tell_operator(way, error)
            else:
                reached = True
        if not reached:
            raise min(faults, key=_hopeless)

    async def _ask(self, way: str, alert: Alert) -> None:
        pager = self._pagers.get(way)
        if pager is None:
            raise PermanentError("it is not set up any more")
        try:
            async with asyncio.timeout(LONGEST):
                await pager.page(alert)
        except CirclekeeperError:
            raise
        except TimeoutError:
            raise TransientError("it takes too long") from None
        except Exception as error:  # noqa: BLE001 - an accident must not keep the ladder waiting
            raise PermanentError(f"an accident: {type(error).__name__}") from None

    async def _is_over(self, posting: Posting, page: Page) -> bool:
        """Look again: nobody is woken for a case that is over, or late where somebody has it."""
        if page.drill:
            return False
        async with self._store.begin() as work:
            case = await work.get(Case, f"{page.group} {page.number}")
        if case is None or not case.is_open:
            return True
        return self._clock.now() - posting.created > LATE and case.stage is not Stage.RECEIVED

    async def _places(self, page: Page) -> tuple[tuple[str, str], ...]:
        """Look again: only who still wishes it is reached by this way, and the operator."""
        if page.way == OPERATOR:
            return self._operator
        asked = (page.way, page.address)
        async with self._store.begin() as work:
            person = await work.get(Person, page.user)
        return (asked,) if person is not None and asked in person.pages else ()

    async def _climb(self, posting: Posting, page: Page) -> None:
        """Let the next rung be asked: once for each page, as the id is always the same."""
        cause, event = CauseId(effect_id(CauseId(posting.id), 0)), _failed(page)
        arrival = Arrival(cause, lane_of_event(event), "event", event, self._clock.now())
        async with self._store.begin() as work:
            await work.accept([arrival])

    async def _tell_operator(self, way: str, error: CirclekeeperError) -> None:
        """Tell it at most once an hour for each way."""
        tell = TellOperator(Text("operator-paging-failed"), {"way": way, "why": str(error)})
        now, fact = self._clock.now(), f"paging told {way}"
        async with self._telling, self._store.begin() as work:
            last = await work.fact(fact)
            if last is not None and _is_recent(datetime.fromisoformat(last.decode()), now):
                return
            await work.keep_fact(fact, now.isoformat().encode())
            named = effect_id(CauseId(f"{fact} {now.isoformat()}"), 0)
            await work.post(Posting(named, lane_of_effect(tell), tell, now))


def _failed(page: Page) -> PageFailed:
    return PageFailed(page.group, page.number, page.user, page.step)


def _hopeless(error: CirclekeeperError) -> int:
    """Order faults: what only has to wait, what may go later, what never goes."""
    return (isinstance(error, TransientError), isinstance(error, HeldError)).count(False)


def _is_recent(last: datetime, now: datetime) -> bool:
    """Say whether it is less than an hour ago; a clock that jumped back does not count."""
    return timedelta(0) <= now - last < TOLD_EVERY
