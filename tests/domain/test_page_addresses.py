"""Where facilitators are reached outside of Matrix: asked for, proved by a code, shown, ended."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.asked import waiting
from appservice.domain.effects import SendPageCode
from appservice.domain.events import CloseAsked, PageCodeSent, RoleOrdered
from appservice.domain.paging.addresses import WAYS, fits
from tests.support.story import ADA, BEN, CODE, MEI, Story, example, replace

LEA = "@lea:example.org"
MAIL, HOOK = "ada@mail.example", "https://hook.example.org/Ada/"
GROUP = f"group-{CODE}"
TEAM = f"!facilitators-{GROUP}"


@pytest.fixture
def story() -> Story:
    story = Story()
    story.house = replace(story.house, ways=frozenset(WAYS))
    story.founds(replace(example(), facilitators=(ADA, BEN), lead=LEA))
    story.lets_in(ADA, BEN, MEI)
    story.effects.clear()
    return story


def pages(story, user=ADA):
    return story.person(user).pages


def said(story, text, user=ADA, **more):
    (heard,) = story.says(user, text, **more)
    return heard.message.kind, heard.body


def codes(story):
    return [(one.way, one.address) for one in story.done(SendPageCode)]


@pytest.mark.parametrize(
    ("text", "page"),
    [
        (f"!page me by email {MAIL}", ("email", MAIL)),
        (f"!PAGE ME BY E-MAIL <{MAIL}>", ("email", MAIL)),
        ("!page ntfy Ada_topic-1", ("ntfy", "Ada_topic-1")),
        (f"!page me by webhook {HOOK}", ("webhook", HOOK)),
        (f"!page me by web-hook\n{HOOK}?key=A%20b", ("webhook", f"{HOOK}?key=A%20b")),
    ],
)
def test_an_address_counts_once_its_code_is_written(story, text, page):
    kind, body = said(story, text)
    assert (kind, codes(story), pages(story)) == ("duty", [page], ())
    assert "482913" not in body
    assert "482913" not in repr(story.heard[-1].message)
    kind, body = said(story, "482913")
    assert (kind, pages(story)) == ("duty", (page,))
    assert page[1] in body
    assert story.person(ADA).proving is None
    assert said(story, "482913")[0] == "program", "it was asked once"


def test_it_speaks_german(story):
    story.says(ADA, "language de")
    assert said(story, f"!ruf mich per mail {MAIL}")[0] == "duty"
    assert story.done(SendPageCode)[0].language == "de"
    assert "Mail" in said(story, "482 913")[1]
    assert MAIL in said(story, "!ruf mich")[1]
    assert said(story, "!ruf aus")[0] == "notice"
    assert pages(story) == ()


def test_the_code_may_be_written_with_the_word_too(story):
    said(story, f"!page me by email {MAIL}")
    said(story, "meetings")
    assert said(story, "!page 482913")[0] == "duty"
    assert pages(story) == (("email", MAIL),)


def test_the_code_counts_after_other_words_too(story):
    said(story, f"!page me by email {MAIL}")
    assert waiting(story.person(ADA).asked) is None, "nobody is kept from other things"
    assert said(story, "wait, I look for it")[0] == "program"
    assert said(story, "482913")[0] == "duty"
    assert pages(story) == (("email", MAIL),)


def test_there_is_one_address_for_each_way_and_all_of_them_end(story):
    for text in (f"email {MAIL}", "ntfy topic", "email other@example.org"):
        said(story, f"!page me by {text}")
        said(story, "482913")
    assert pages(story) == (("ntfy", "topic"), ("email", "other@example.org"))
    kind, body = said(story, "!page")
    assert kind == "duty"
    assert "topic" in body
    assert "other@example.org" in body
    assert MAIL not in body
    assert said(story, "!page off")[0] == "notice"
    assert pages(story) == ()
    assert "only" in said(story, "!page me")[1]


def test_a_wrong_code_is_told_and_five_end_it(story):
    said(story, f"!page me by email {MAIL}")
    for _ in range(4):
        kind, body = said(story, "111111")
        assert (kind, "Look again" in body) == ("refusal", True)
    assert "let this code be" in said(story, "111111")[1]
    assert "no code" in said(story, "!page 482913")[1]
    assert said(story, "482913")[0] == "program"
    assert pages(story) == ()


def test_a_code_is_good_for_an_hour(story):
    said(story, f"!page me by email {MAIL}")
    story.now += timedelta(minutes=61)
    assert said(story, "482913")[0] == "refusal"
    assert pages(story) == ()
    assert story.person(ADA).proving.address == "", "it is not kept for nothing"


def test_the_answer_may_be_no(story):
    said(story, f"!page me by email {MAIL}")
    assert said(story, story.hears_choice("no"))[0] == "notice"
    assert story.person(ADA).proving.address == ""
    assert said(story, "!page 482913")[0] == "refusal"
    assert pages(story) == ()


def test_nobody_is_sent_many_codes(story):
    for number in range(5):
        said(story, f"!page me by email a{number}@example.org")
        said(story, "!page off")
    kind, body = said(story, f"!page me by email {MAIL}")
    assert (kind, "five codes" in body, len(codes(story))) == ("refusal", True, 5)
    story.now += timedelta(days=1)
    assert said(story, f"!page me by email {MAIL}")[0] == "duty"
    said(story, "482913")
    assert pages(story) == (("email", MAIL),)


def test_a_code_that_does_not_go_is_told_with_what_to_do(story):
    story.unreached = {MAIL, "topic", HOOK}
    for text in (f"email {MAIL}", "ntfy topic", f"webhook {HOOK}"):
        kind, body = said(story, f"!page me by {text}")
        assert kind == "refusal"
        assert "again" in body
        assert said(story, "!page 000000")[0] == "refusal"
    assert pages(story) == ()


def test_only_the_newest_address_is_proved(story):
    said(story, f"!page me by email {MAIL}")
    said(story, "!page me by ntfy topic")
    chat = story.person(ADA).chat
    late = PageCodeSent(chat, ADA, "email", MAIL, "111111")
    assert story.happens(late) == []
    said(story, "111111")
    assert pages(story) == ()
    said(story, "482913")
    assert pages(story) == (("ntfy", "topic"),)


@pytest.mark.parametrize(
    "text",
    [
        *("email", "email ada", "email a@b", f"email {MAIL} {MAIL}", "email a@b.org,c@d.org"),
        *("ntfy two words", "ntfy a/b", "webhook hook.example.org", "webhook https://a:b@c.org"),
        *("webhook javascript:alert(1)", "pigeon home", "webhook https://a.org/#x", "12345"),
        *("me by", f"email {'a' * 65}@b.org", f"email a@{'b.' * 130}org"),
    ],
)
def test_what_is_no_address_changes_nothing(story, text):
    kind, body = said(story, f"!page {text}")
    assert kind in ("refusal", "duty")
    assert body
    assert codes(story) == []
    assert pages(story) == ()


def test_a_way_that_the_server_does_not_have_is_told(story):
    story.house = replace(story.house, ways=frozenset({"ntfy"}))
    kind, body = said(story, f"!page me by email {MAIL}")
    assert kind == "refusal"
    assert "no e-mail" in body
    assert "!page me by ntfy" in body
    assert "webhook" not in body
    story.house = replace(story.house, ways=frozenset())
    assert "nobody outside" in said(story, "!page")[1]
    assert codes(story) == []


def test_it_is_nothing_for_the_room_of_all_facilitators(story):
    kind, body = said(story, f"!page me by email {MAIL}", room=TEAM)
    assert (kind, "in private" in body) == ("refusal", True)
    assert codes(story) == []


def test_it_is_for_those_in_charge(story):
    story.opens_chat(LEA)
    said(story, f"!page me by email {MAIL}", LEA)
    said(story, "482913", LEA)
    assert pages(story, LEA) == (("email", MAIL),)
    assert said(story, f"!page me by email {MAIL}", MEI)[0] == "refusal"
    assert pages(story, MEI) == ()


def test_whose_identity_changed_proves_nothing(story):
    said(story, f"!page me by email {MAIL}")
    story.resets_identity(ADA)
    assert said(story, "482913")[0] == "refusal"
    assert pages(story) == ()


def test_who_came_into_the_chat_meanwhile_is_asked_nothing(story):
    chat = story.person(ADA).chat
    story.unreached = {MAIL}
    said(story, f"!page me by email {MAIL}")
    story.rooms[chat][MEI] = "join"
    story.inspects(chat)
    before = len(story.heard)
    story.happens(PageCodeSent(chat, ADA, "email", MAIL, "482913"))
    assert len(story.heard) == before


def test_it_is_shown_with_all_that_is_kept_and_goes_with_it(story):
    said(story, f"!page me by email {MAIL}")
    said(story, "482913")
    assert MAIL in story.says(ADA, "my data")[0].body
    story.says(ADA, "forget me")
    story.says(ADA, "yes")
    person = story.person(ADA)
    assert person is None or (person.pages, person.proving) == ((), None)


def test_six_digits_that_nobody_asked_for_are_nothing(story):
    assert said(story, "482913")[0] == "program"


def reached(story, user=ADA):
    said(story, f"!page me by email {MAIL}", user)
    said(story, "482913", user)
    assert pages(story, user) == (("email", MAIL),)


def closes(story):
    story.says(ADA, "!close")
    story.says(BEN, "!close")
    for _ in range(16):
        story.passes(days=1)


def is_revoked(story):
    story.says(BEN, f"!revoke {ADA}")
    story.says(LEA, f"!revoke {ADA}")


LOSES = {
    "resigns": lambda story: story.says(ADA, "!resign"),
    "leaves": lambda story: story.says(ADA, "leave"),
    "is revoked": is_revoked,
    "by order": lambda story: story.happens(RoleOrdered(GROUP, ADA, None)),
    "room left": lambda story: (story.leaves(ADA, TEAM), story.looks(GROUP)),
    "closed": closes,
    "closed by order": lambda story: story.happens(CloseAsked(GROUP, story.now)),
}


@pytest.mark.parametrize("way", LOSES)
def test_who_looks_after_no_group_any_more_is_reached_nowhere_else(story, way):
    story.opens_chat(LEA)
    story.looks(GROUP)
    reached(story)
    LOSES[way](story)
    before = len(story.heard)
    story.passes(seconds=1)
    assert (pages(story), story.person(ADA).proving) == ((), None)
    assert story.heard[before:] == [], "nobody is told what they need not know"
    assert not story.says(ADA, "my data")[0].body.count(MAIL)


def test_an_address_that_waits_for_its_code_goes_too(story):
    said(story, f"!page me by email {MAIL}")
    story.says(ADA, "!resign")
    story.passes(seconds=1)
    assert said(story, "482913")[0] == "program"
    assert pages(story) == ()


def test_a_lead_who_is_no_member_loses_them_with_the_role(story):
    story.opens_chat(LEA)
    reached(story, LEA)
    story.says(LEA, "!resign lead")
    story.passes(seconds=1)
    assert pages(story, LEA) == ()


def test_they_stay_while_any_group_names_them_in_charge(story):
    reached(story)
    story.founds(
        replace(example(), name="Birch", facilitators=(BEN, MEI), lead=ADA), code="BIRCH-2222"
    )
    story.says(ADA, "!resign WILLOW")
    story.passes(seconds=1)
    assert pages(story) == (("email", MAIL),)
    story.says(ADA, "!resign Birch lead")
    story.passes(seconds=1)
    assert pages(story) == ()


@given(st.sampled_from(WAYS), st.text(max_size=80))
def test_no_address_has_more_than_one_line(way, text):
    """Nothing that is written becomes another header, another recipient or another path."""
    if fits(way, text):
        assert text.isascii()
        assert text.isprintable()
        assert " " not in text
        assert way == "webhook" or not set(text) & set("\r\n,;<>:/")


@given(st.sampled_from(WAYS), st.sampled_from(["\r\nBcc: x@y.org", "\n", " ", "\x00", "ä", "\t"]))
def test_what_would_begin_a_new_line_is_no_address(way, more):
    good = {"email": MAIL, "ntfy": "topic", "webhook": HOOK}[way]
    assert fits(way, good)
    for text in (good + more, more + good):
        assert not fits(way, text)
