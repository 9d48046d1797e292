"""Questions for a talk afterwards, between people; nothing that is answered is kept anywhere."""

from appservice.domain.types import Text


def questions() -> tuple[Text, ...]:
    """Return what may help to talk about, and that nobody has to."""
    return Text("debrief-first"), Text("debrief-questions"), Text("debrief-free")
