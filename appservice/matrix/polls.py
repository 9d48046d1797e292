"""Polls as Matrix carries them: how the keeper asks and ends one, and what an answer says.

Source: https://github.com/matrix-org/matrix-spec-proposals/blob/main/proposals/3381-polls.md
It is said in the unstable naming, which is what clients show; answers are read in both.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from appservice.domain.effects import Message, SayPoll
from appservice.domain.types import EffectId, EventId
from appservice.ports import Renderer, Store

START = "org.matrix.msc3381.poll.start"
END = "org.matrix.msc3381.poll.end"
RESPONSES = frozenset({"org.matrix.msc3381.poll.response", "m.poll.response"})
MOST_ANSWERS = 20  # of any poll

_UNSTABLE, _STABLE = "org.matrix.msc3381.poll.response", "m.selections"
_UNDISCLOSED = "org.matrix.msc3381.poll.undisclosed"
_TEXT = "org.matrix.msc1767.text"
_OURS = "org.circlekeeper"


def start(renderer: Renderer, poll: SayPoll, cause: EffectId) -> dict[str, Any]:
    """Return the content of a poll; its fallback text has the question and numbered answers."""
    told = renderer.content(poll.message, cause)
    question = renderer.content(replace(poll.message, choices=()), cause)["body"]
    return {
        START: {
            "question": {_TEXT: question, "body": question, "msgtype": "m.text"},
            "kind": _UNDISCLOSED,
            "max_selections": poll.most,
            "answers": [{"id": one["id"], _TEXT: one["label"]} for one in told[_OURS]["choices"]],
        },
        _TEXT: told["body"],
        _OURS: told[_OURS],
    }


def end(renderer: Renderer, message: Message, cause: EffectId, poll: EventId) -> dict[str, Any]:
    """Return the content of the event that ends a poll."""
    told = renderer.content(message, cause)
    return {
        "m.relates_to": {"rel_type": "m.reference", "event_id": poll},
        END: {},
        _TEXT: told["body"],
        _OURS: told[_OURS],
    }


def answer(content: Mapping[str, Any]) -> tuple[EventId, tuple[str, ...]] | None:
    """Return which poll is answered, and how; None: it is malformed, and no answer.

    Of far too many answers only the first are looked at: more than may be chosen never count.
    """
    relation = content.get("m.relates_to")
    if not isinstance(relation, dict) or relation.get("rel_type") != "m.reference":
        return None
    poll, inner = relation.get("event_id"), content.get(_UNSTABLE)
    answers = inner.get("answers") if isinstance(inner, dict) else content.get(_STABLE)
    if not isinstance(poll, str) or not isinstance(answers, list):
        return None
    if not all(isinstance(one, str) for one in answers):
        return None
    return EventId(poll), tuple(answers[:MOST_ANSWERS])


async def answered(
    store: Store, content: Mapping[str, Any]
) -> tuple[EffectId, tuple[str, ...]] | None:
    """Return which poll of ours is answered, and how; None: none of ours, or malformed."""
    read = answer(content)
    if read is None:
        return None
    async with store.begin() as work:
        poll = await work.effect_by_event(read[0])
    return None if poll is None else (poll, read[1])
