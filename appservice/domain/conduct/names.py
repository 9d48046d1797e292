"""The sentences of each step, and what a motion is called."""

from collections.abc import Mapping

from appservice.domain.conduct.motion import REDACT, REDACT_ALL, Motion
from appservice.domain.conduct.standing import Rung
from appservice.domain.types import Text, Values

TOLD: Mapping[Rung, str] = {
    Rung.TALK: "told-talk",
    Rung.REMINDER: "told-reminder",
    Rung.FIRST: "told-warning_1",
    Rung.SECOND: "told-warning_2",
    Rung.PAUSE: "told-pause",
    Rung.REMOVAL: "told-removal",
}
RUNGS: Mapping[Rung, Text] = {
    Rung.TALK: Text("rung-talk"),
    Rung.REMINDER: Text("rung-reminder"),
    Rung.FIRST: Text("rung-warning_1"),
    Rung.SECOND: Text("rung-warning_2"),
    Rung.PAUSE: Text("rung-pause"),
    Rung.REMOVAL: Text("rung-removal"),
}
_MOTIONS: Mapping[str, str] = {
    Rung.TALK: "motion-talk",
    Rung.REMINDER: "motion-reminder",
    Rung.FIRST: "motion-warning_1",
    Rung.SECOND: "motion-warning_2",
    Rung.PAUSE: "motion-pause",
    Rung.REMOVAL: "motion-removal",
    REDACT: "motion-redact",
    REDACT_ALL: "motion-redact_all",
}


def what_of(motion: Motion) -> Text:
    """Name what a motion would do."""
    values: Values = {"days": motion.days, "user": motion.user}
    if motion.since is not None:
        values = {**values, "since": f"{motion.since:%Y-%m-%d %H:%M} UTC"}
    return Text(_MOTIONS[motion.what], values)
