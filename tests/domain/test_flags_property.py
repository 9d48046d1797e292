"""Whatever somebody writes in between: only what they were shown goes, and only after a yes."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appservice.domain.cases.case import Case
from appservice.domain.effects import Quote
from appservice.domain.types import Form
from tests.domain.test_flags import CIRCLE, GROUP, LINK, told_group
from tests.support.story import MEI, ZOE, Story

SAID = st.sampled_from(
    [
        *("flag", "1", "2", "3", "yes", "no", "change", "stop", "continue", "that is all"),
        *("flag she wrote that it is over", "canary words of somebody else", "he jumped"),
        *("help", "help someone", "contact", "my flags", "my data", "meetings", "leave me be"),
        *(LINK, f"https://matrix.to/#/{CIRCLE}", "https://matrix.to/#/!x/$y", "melden", "nothing"),
        Form.MEDIA,
        Form.TOO_LONG,
        Form.EDIT,
    ]
)
_BEGUN: dict[str, Story] = {}


def begun() -> Story:
    """A group whose records are the same for every example."""
    return _BEGUN.setdefault("story", told_group()).again()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SAID, min_size=4, max_size=25))
def test_only_what_was_shown_goes_and_only_after_a_yes(said):
    story = begun()
    for one in said:
        before = {case.number: case for case in story.all(Case)}
        text, form = ("", one) if isinstance(one, Form) else (one, Form.TEXT)
        heard = story.says(MEI, text, form=form)
        assert heard, one
        shown = {place for quote in story.done(Quote) for _, place in quote.answers}
        for case in story.all(Case):
            assert set(case.excerpt) <= shown
            was = before.get(case.number)
            if was is None or was.excerpt != case.excerpt:
                assert heard[-1].message.kind == "flag_receipt"
                assert one in {"yes", "1", "contact"}
        assert "canary" not in repr(story.records)
    silent = {story.person(ZOE).chat, CIRCLE, f"!noticeboard-{GROUP}"}
    assert not [h for h in story.heard if h.room in silent]
    others = [h for h in story.heard if h.room != story.person(MEI).chat]
    assert not [h for h in others if "canary" in h.body or MEI in h.body]
