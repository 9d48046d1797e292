"""The homeserver as the workers see it: the port, put together from its parts."""

from appservice.domain.effects import (
    AnswerVerification,
    ClosePoll,
    EraseKeys,
    HandOut,
    PartWith,
    Quote,
    Say,
    SayFile,
    SayPoll,
    SweepPage,
)
from appservice.domain.types import UserId, derive
from appservice.matrix.client import Client
from appservice.matrix.encryption import Encryption
from appservice.matrix.erasing import Eraser
from appservice.matrix.hand_out import HandingOut
from appservice.matrix.perform import Performer
from appservice.matrix.pump import KeyPump
from appservice.matrix.speak import Speaker
from appservice.matrix.sweeping import Sweeper
from appservice.matrix.translate import Translator
from appservice.ports import Arrival, Performed, Posting, Translated

_SPOKEN = (Say, SayPoll, ClosePoll, SayFile, Quote, HandOut, AnswerVerification)


class MatrixHomeserver:
    """Implements ports.Homeserver."""

    def __init__(  # noqa: PLR0913
        self,
        client: Client,
        encryption: Encryption,
        pump: KeyPump,
        translator: Translator,
        speaker: Speaker,
        handing_out: HandingOut,
        performer: Performer,
        eraser: Eraser,
        sweeper: Sweeper,
        appservice_id: str,
    ) -> None:
        self._client = client
        self._encryption = encryption
        self._pump = pump
        self._translator = translator
        self._speaker = speaker
        self._handing_out = handing_out
        self._performer = performer
        self._eraser = eraser
        self._sweeper = sweeper
        self._appservice_id = appservice_id

    async def translate(self, arrival: Arrival) -> Translated:
        return await self._translator.translate(arrival)

    async def perform(self, posting: Posting) -> Performed:
        if isinstance(posting.effect, HandOut):
            return await self._handing_out.perform(posting, posting.effect)
        if isinstance(posting.effect, _SPOKEN):
            return await self._speaker.perform(posting)
        if isinstance(posting.effect, (PartWith, EraseKeys)):
            return await self._eraser.perform(posting)
        if isinstance(posting.effect, SweepPage):
            return await self._sweeper.perform(posting.effect)
        return await self._performer.perform(posting)

    async def fetch_keys(self) -> int:
        return await self._pump.fetch()

    async def renew(self, user: UserId) -> None:
        await self._encryption.lists.refresh([user])  # of whom we forgot we know no device
        await self._encryption.healing.heal_people([user])

    async def give_up(self, posting: Posting) -> None:
        if isinstance(posting.effect, _SPOKEN):
            await self._speaker.give_up(posting.effect)

    async def ping(self) -> None:
        await self._client.ping(self._appservice_id, derive("ping", self._appservice_id))
