"""Tells the truth where nobody has answered: to whoever raised a case, and to the operator."""

from datetime import datetime

from appservice.domain.cases.steps import At
from appservice.domain.effects import Page, TellOperator
from appservice.domain.helplines import country_of, lines_for
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.paging.addresses import OPERATOR
from appservice.domain.prompts import zone_of
from appservice.domain.roles.telling import chat_of
from appservice.domain.turn import Reply
from appservice.domain.types import Moment, Text, UserId


def to_operator(at: At, step: str) -> Outcome:
    """Tell the operator that a case waits, by its number alone."""
    house, number = at.here.state.house, at.case.number
    told = TellOperator(Text("operator-case-unanswered"), {"case": at.case.name})
    user = house.operator or UserId("")
    page = Page(user, OPERATOR, "", at.group.id, number, step, house.language)
    return Outcome(effects=(told, page))


def to_reporter(at: At, since: datetime | None, *, others_left: bool) -> Outcome:
    """Say since when nobody could be asked, if so, and that nobody has answered of all there are.

    `others_left`: there are people still who are asked later. What the receipt has said is not
    said again.
    """
    case = at.case
    turn = chat_of(at.here, at.group, case.reporter) if case.reporter else None
    nothing_new = others_left and since is None
    if turn is None or at.here.now <= case.opened or nothing_new:
        return NOTHING
    lines: list[Text] = []
    if since is not None:
        when = Moment(since, zone_of(turn.person, at.group))
        lines.append(Text("alert-late-reporter", {"since": when, "case": case.name}))
    asked = Text("alert-asked-now", {"case": case.name})
    lines.append(asked if others_left else Text("alert-unanswered", {"case": case.name}))
    numbers = lines_for(turn.state.house, country_of(turn.person, (at.group,)))
    lines.append(Text("card", {"lines": (Text("numbers-until-then"), *numbers)}))
    return turn.answer(Reply("flag_update", tuple(lines), group=at.group.charter.name))
