"""A town made of the rules and of records in memory: fast enough for thousands of steps."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from appservice.domain.grace import LASTS
from appservice.domain.records import Consent, Grace
from appservice.domain.types import RoomId, RoomKind, UserId
from tests.property.step import FACILITATORS, Step
from tests.support.story import CODE, KEEPER, STEWARD, Story, example, house

PRESENT = frozenset({"join", "invite", "knock"})
UNASKED = 2  # removals a day
DAY = timedelta(days=1)
LOOKS_AFTER_RESTORE = 2


class RulesTown:
    """One group. What happens to a room is looked at when the add-on is up, as by transactions."""

    def __init__(self) -> None:
        self.story = Story(house=_house())
        people = tuple(_user(name) for name in FACILITATORS)
        self.group = self.story.founds(replace(example(), facilitators=people))
        self.up = True
        self._backup: tuple[dict, dict] | None = None
        self._excused = self.story.now  # until when somebody may be in by grace
        self._strangers: list[datetime] = []  # when somebody without consent was found

    @property
    def has_backup(self) -> bool:
        return self._backup is not None

    def do(self, step: Step) -> None:
        name = "backup_made" if step.what == "backup" else step.what.replace(" ", "_")
        getattr(self, f"_{name}")(*step[1:])
        if self.up:
            self._look()

    def check(self) -> None:
        """Whoever is in has a consent, or fourteen days that there is a reason for."""
        story = self.story
        spared = {g.user for g in story.all(Grace) if g.group == self.group}
        agreed = {c.user for c in story.all(Consent) if c.withdrawn is None}
        for room in self._rooms().values():
            here = {u for u, how in story.rooms[room].items() if how in PRESENT}
            strangers = here - {STEWARD, KEEPER} - agreed
            assert strangers <= spared, f"{strangers - spared} in {room}"
            assert not strangers or story.now <= self._excused, f"{strangers} without a reason"
        assert KEEPER not in story.rooms[self._rooms()[RoomKind.CIRCLE]]

    # -- steps

    def _walk(self, name: str) -> None:
        user = _user(name)
        if not self.up:
            return
        self.story.says(user, f"join {CODE}")
        if self.story.heard[-1].message.kind == "age":
            self.story.says(user, "yes")
            self.story.answers_right(user)
            self.story.says(user, self.story.hears_choice("agree"))
            self.story.says(user, self.story.hears_choice("agree"))
        self._accept(name)

    def _say_leave(self, name: str) -> None:
        if self.up:
            self.story.says(_user(name), "leave")

    def _leave_rooms(self, name: str) -> None:
        for members in self._members():
            if members.get(_user(name)) in PRESENT:
                del members[_user(name)]

    def _admin_join(self, name: str, kind: str) -> None:
        self._comes(name, kind, "join")

    def _invite(self, name: str, kind: str) -> None:
        if self.story.rooms[self._rooms()[RoomKind(kind)]].get(_user(name)) != "join":
            self._comes(name, kind, "invite")

    def _comes(self, name: str, kind: str, how: str) -> None:
        members = self.story.rooms[self._rooms()[RoomKind(kind)]]
        if members.get(_user(name)) == "ban":
            return
        members[_user(name)] = how

    def _accept(self, name: str) -> None:
        for members in self._members():
            if members.get(_user(name)) == "invite":
                members[_user(name)] = "join"

    def _ban(self, name: str, by: str) -> None:
        circle = self.story.rooms[self._rooms()[RoomKind.CIRCLE]]
        if circle.get(_user(by)) == "join" and name not in FACILITATORS:
            circle[_user(name)] = "ban"

    def _power(self, name: str) -> None:
        state = self.story.room_state[self._rooms()[RoomKind.CIRCLE]]
        users = dict(state["m.room.power_levels"]["users"]) | {_user(name): 100}
        state["m.room.power_levels"] = {**state["m.room.power_levels"], "users": users}

    def _restart(self) -> None:
        self.up = True

    def _up(self) -> None:
        self.up = True
        self.story.passes()  # what fell due meanwhile

    def _down(self) -> None:
        self.up = False

    def _backup_made(self) -> None:
        self._backup = dict(self.story.records), dict(self.story.timers)

    def _restore(self) -> None:
        assert self._backup is not None
        (records, timers), self._backup = self._backup, None
        self.story.records, self.story.timers = dict(records), dict(timers)
        self.up = True
        self._excused = self.story.now + LASTS
        self.story.restored = True
        for _ in range(LOOKS_AFTER_RESTORE):
            self._look()
        self.story.restored = False

    def _days(self, days: str) -> None:
        if self.up:
            self.story.passes(days=int(days))
        else:
            self.story.now += timedelta(days=int(days))

    def _look(self) -> None:
        self.story.passes(seconds=1)
        self._count_strangers()
        self.story.looks(self.group)

    def _count_strangers(self) -> None:
        """Only more than two on one day are a reason to let somebody be for fourteen days."""
        now = self.story.now
        spared = {grace.user for grace in self.story.all(Grace)}
        found = {u for members in self._members() for u, how in members.items() if how in PRESENT}
        new = [u for u in found - {STEWARD, KEEPER} - spared if not self.story.consents(u)]
        self._strangers = [at for at in self._strangers if now - at < DAY] + [now] * len(new)
        if len(self._strangers) > UNASKED:
            self._excused = now + LASTS

    def _rooms(self) -> dict[RoomKind, RoomId]:
        return self.story.records["group", self.group].rooms

    def _members(self) -> list[dict[UserId, str]]:
        return [self.story.rooms[room] for room in self._rooms().values()]


_house = cache(house)


def _user(name: str) -> UserId:
    return UserId(f"@{name}:example.org")
