"""What stages, levels, tracks and results are called, by their keys in the catalogue."""

from collections.abc import Mapping

from appservice.domain.cases.case import Level, Result, Stage, Track
from appservice.domain.types import Text

TRACKS: Mapping[Track, Text] = {
    Track.CARE: Text("case-track-care"),
    Track.CONDUCT: Text("case-track-conduct"),
}
LEVELS: Mapping[Level | None, Text] = {
    None: Text("case-level-none"),
    Level.GREEN: Text("case-level-green"),
    Level.AMBER: Text("case-level-amber"),
    Level.RED: Text("case-level-red"),
}
STAGES: Mapping[Stage, Text] = {
    Stage.RECEIVED: Text("case-stage-received"),
    Stage.CLAIMED: Text("case-stage-claimed"),
    Stage.IN_CONTACT: Text("case-stage-in_contact"),
    Stage.WATCHING: Text("case-stage-watching"),
    Stage.ESCALATED: Text("case-stage-escalated"),
    Stage.HANDED_OVER: Text("case-stage-handed_over"),
    Stage.FOLLOWING_UP: Text("case-stage-following_up"),
    Stage.CLOSED: Text("case-stage-closed"),
    Stage.DEBRIEFED: Text("case-stage-debriefed"),
    Stage.ERASED: Text("case-stage-erased"),
}
RESULTS: Mapping[Result, Text] = {
    Result.LOOKED_AFTER: Text("case-result-looked_after"),
    Result.DUPLICATE: Text("case-result-duplicate"),
    Result.NO_CONCERN: Text("case-result-no_concern"),
    Result.MISUSE: Text("case-result-misuse"),
    Result.STOPPED: Text("case-result-stopped"),
}
