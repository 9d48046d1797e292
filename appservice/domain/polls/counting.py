"""Counts a vote. What comes out tells of nobody in particular."""

from collections import Counter

from appservice.domain.polls.poll import How, Mood, Poll, Result

TOLD_FROM = 5  # votes; below that a number would tell too much


def counted(poll: Poll) -> Result:
    """Return the result: the winners always, numbers only if enough people voted."""
    if poll.how is How.CONSENT:
        return Result(mood=_mood(poll))
    votes = Counter(int(choice) for choices in poll.votes.values() for choice in choices)
    counts = tuple(votes[number] for number in range(1, len(poll.options) + 1))
    best = max(counts, default=0)
    winners = tuple(n for n, count in enumerate(counts, start=1) if count == best > 0)
    return Result(winners, counts if len(poll.votes) >= TOLD_FROM else ())


def _mood(poll: Poll) -> Mood:
    """Return what the strongest objection leads to; numbers do not count here."""
    said = {choice for choices in poll.votes.values() for choice in choices}
    if "4" in said:
        return Mood.BLOCKED
    if "3" in said:
        return Mood.CONCERNED
    return Mood.AGREED if said else Mood.NONE
