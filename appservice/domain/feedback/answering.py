"""An answer to a question about a meeting: kept until it is counted; the next question follows."""

from collections.abc import Mapping
from dataclasses import replace

from appservice.domain.feedback.asking import QUESTIONS, asked, find
from appservice.domain.feedback.records import Feedback
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text, UserId


def voted(turn: Turn, question: Asked, choices: tuple[str, ...]) -> Outcome | None:
    """Keep the newest answer; to take one back is met with silence."""
    group = turn.groups.get(question.group) if question.group is not None else None
    kept = find(turn.state, group.id, question.about) if group is not None else None
    if group is None or kept is None or turn.now >= kept.closes:
        return turn.answer(notice(Text("poll-over")))
    before, name = kept.answers.get(turn.user, {}), question.topic.partition(" ")[2]
    own = {one: said for one, said in before.items() if one != name}
    own |= {name: choices[0]} if choices else {}
    out = Outcome(puts=(_with(kept, turn.user, own),))
    if question.voted or not choices:
        changed = notice(Text("checkin-changed"), group=group.charter.name)
        return out + (turn.answer(changed) if turn.text else turn.silence())
    left = [one for one in QUESTIONS if one not in own]
    if left:
        return out + asked(turn, group, kept, left[0])
    lines = (Text("feedback-thanks"), Text("feedback-words"))
    return out + turn.answer(Reply("feedback", lines, group=group.charter.name))


def _with(kept: Feedback, user: UserId, own: Mapping[str, str]) -> Feedback:
    others = {one: said for one, said in kept.answers.items() if one != user}
    return replace(kept, answers={**others, user: own} if own else others)
