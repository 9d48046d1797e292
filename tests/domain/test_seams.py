"""Where features meet that each work by themselves: told as stories, each once a fault."""

from datetime import timedelta

from appservice.domain.application import Application, Code
from appservice.domain.effects import Remove, SweepPage, TellOperator
from appservice.domain.events import CodeDrawn, GraceEnded, PageSwept, RatificationDue
from appservice.domain.group import Group
from appservice.domain.records import Care, Consent, Grace, PauseReason, Renewal
from appservice.domain.types import RoomKind, UserId
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace

GROUP = f"group-{CODE}"
AGREE = "I agree to the rules"
CIRCLE = f"!circle-{GROUP}"
TEAM = f"!facilitators-{GROUP}"
LEA = UserId("@lea:example.org")
RULE = "!rules propose 7. Quiet hours: From ten at night until seven we write nothing."


def told(*users, **charter):
    story = Story()
    story.founds(
        replace(example(), **{"facilitators": (ADA, BEN), "rules": example().rules[:1], **charter})
    )
    story.lets_in(ADA, BEN, MEI, *users)
    return story


def publishes(story, name="", how="major"):
    prefix = f"!rules {name}".strip()
    story.says(
        ADA,
        f"{prefix} propose 7. Quiet hours: From ten at night we write nothing ({story.causes}).",
    )
    story.says(ADA, f"{prefix} why We need sleep.")
    story.says(ADA, f"{prefix} publish {how}")


def group(story, id_=GROUP):
    return story.one(Group, id_)


def closes_now(story):
    story.says(ADA, "!close")
    story.says(BEN, "!close")
    for _ in range(17):
        story.passes(days=1)
    assert group(story).stage == "closed"


def many(story, count):
    users = [UserId(f"@m{n:02}:example.org") for n in range(count)]
    story.lets_in(*users)
    return users


def test_a_closed_group_names_nobody_ninety_days_later():
    story = told(ZOE, greeters=(ZOE,), tech_hosts=(MEI,))
    closes_now(story)
    assert ZOE not in repr(group(story))
    assert MEI not in repr(group(story))
    for _ in range(92):
        story.passes(days=1)
    assert not story.all(Consent)


def test_closing_waits_for_who_is_cared_for_and_in_by_grace():
    story = told()
    circle = group(story).rooms[RoomKind.CIRCLE]
    story.rooms[circle][ZOE] = "join"
    grace = Grace(ZOE, GROUP, story.now + timedelta(days=30))
    story.records[grace.kind, grace.key] = grace
    care = Care(ZOE, story.now)
    story.records[care.kind, care.key] = care
    story.says(ADA, "!close")
    story.says(BEN, "!close")
    for _ in range(17):
        story.passes(days=1)
    assert group(story).stage == "closing"
    assert ZOE in story.rooms[circle]


def test_who_waits_at_the_door_hears_that_the_group_has_closed():
    story = told(approval=True)
    story.says(ADA, "!invite new")
    code = next(c.spelled for c in story.all(Code) if not c.trusted)
    story.passes_the_gate(ZOE, code)
    before = len(story.heard)
    closes_now(story)
    assert [h for h in story.heard[before:] if h.room == story.person(ZOE).chat]


def test_stop_ends_what_was_asked_last():
    story = told()
    story.founds(
        replace(example(), name="Birch", facilitators=(ADA, BEN), approval=True), code="BIRCH-2222"
    )
    for u in (ADA, BEN):
        story.passes_the_gate(u, "BIRCH-2222")
    story.says(ADA, "!invite Birch new")
    code = next(c.spelled for c in story.all(Code) if not c.trusted)
    story.passes_the_gate(MEI, code)
    assert story.of(Application, MEI)
    story.says(ADA, f"!role Willow {MEI} greeter")
    story.says(MEI, "stop")
    assert story.of(Application, MEI), "it still waits at the other door"
    assert not group(story).team.offers


def test_stop_closes_a_question_of_the_facilitators_too():
    story = told(approval=True, questions=("What brings you?",))
    story.says(ADA, "!invite new")
    code = next(c.spelled for c in story.all(Code) if not c.trusted)
    story.passes_the_gate(ZOE, code)
    story.says(ZOE, "stop")
    assert all(a.answered for a in story.person(ZOE).asked)


def test_leaving_closes_every_question_of_the_group():
    story = told()
    story.says(ADA, f"!split Oak {ADA} {BEN}")
    story.says(BEN, "!split oak")
    for u in (ADA, BEN):
        story.passes_the_gate(u, "OAK-2222")
        story.says(u, "!sign Oak")
    story.says(ADA, "!open Oak")
    story.passes(days=0.01)
    story.says(MEI, "leave")
    assert all(a.answered for a in story.person(MEI).asked)


def test_a_revoked_facilitators_wish_to_close_counts_no_more():
    story = told(lead=LEA)
    story.passes_the_gate(LEA)
    story.says(ADA, f"!role {MEI} facilitator")
    story.says(BEN, "!role confirm")
    story.says(MEI, "yes")
    story.says(MEI, "!close")
    story.says(MEI, f"!split Oak {ADA} {MEI}")
    story.says(ADA, f"!revoke {MEI}")
    story.says(LEA, f"!revoke {MEI}")
    assert MEI not in group(story).charter.facilitators
    story.says(BEN, "!close")
    assert group(story).stage == "open"
    assert group(story).split is None


def test_a_code_taken_back_ends_the_way_at_the_facilitators_questions_too():
    story = told(approval=True, questions=("What brings you?",))
    story.says(ADA, "!invite new")
    code = next(c.spelled for c in story.all(Code) if not c.trusted)
    story.passes_the_gate(ZOE, code)
    story.says(ADA, "!invite revoke all")
    story.says(ZOE, "my brother died last spring and I am alone")
    assert story.heard[-1].message.kind == "refusal"
    assert not story.of(Application, ZOE)


def test_a_cohort_that_began_while_they_waited_takes_nobody_in():
    story = told(approval=True)
    story.says(ADA, "!invite new")
    code = next(c.spelled for c in story.all(Code) if not c.trusted)
    story.passes_the_gate(ZOE, code)
    g = group(story)
    story.records["group", GROUP] = replace(
        g, charter=replace(g.charter, begins=story.now.date(), late_joins=False)
    )
    story.says(ADA, "!accept 1")
    assert not story.consents(ZOE)


def test_a_code_that_is_drawn_too_late_is_none():
    story = told()
    closes_now(story)
    story.happens(CodeDrawn(GROUP, "WILLOW-9999", TEAM, ADA, None, None))
    assert not story.all(Code)


def test_a_draft_talk_is_no_oracle_for_codes():
    story = told()
    story.founds(
        replace(example(), name="Birch", facilitators=(ADA, BEN)), code="BIRCH-2222", is_open=False
    )
    story.passes_the_gate(ADA, "BIRCH-2222")
    story.says(ADA, "!invite Willow new --uses 1")
    code = next(c for c in story.all(Code) if not c.trusted)
    story.records["code", code.code] = replace(code, group="group-other", revoked=True)
    story.says(ADA, "!draft Birch")
    one = story.says(ADA, f"join {code.spelled}")
    story.says(ADA, "!draft Birch 1")
    other = story.says(ADA, "join WILLOW-2222")
    assert one[-1].message.kind == other[-1].message.kind


def test_a_move_that_was_stopped_moves_nobody_later():
    story = told()
    story.says(ADA, f"!split Oak {ADA} {BEN}")
    story.says(BEN, "!split oak")
    for u in (ADA, BEN):
        story.passes_the_gate(u, "OAK-2222")
        story.says(u, "!sign Oak")
    story.says(ADA, "!open Oak")
    story.passes(days=0.01)
    story.says(MEI, "move")
    story.says(MEI, "stop")
    story.passes_the_gate(MEI, "OAK-2222")
    assert len(story.consents(MEI)) == 2


def test_an_answer_that_begins_like_a_command_is_an_answer():
    story = told(approval=True, questions=("What brings you?",))
    story.says(ADA, "!invite new")
    code = next(c.spelled for c in story.all(Code) if not c.trusted)
    story.passes_the_gate(ZOE, code)
    story.says(ZOE, "Withdraw from alcohol")
    assert story.of(Application, ZOE)[0].waiting


def test_grace_of_an_old_copy_removes_nobody():
    story = told()
    story.records.pop(("consent", f"{MEI} {GROUP}"))
    grace = Grace(MEI, GROUP, story.now)
    story.records[grace.kind, grace.key] = grace
    story.restored = True
    story.effects.clear()
    story.happens(GraceEnded(MEI, GROUP))
    assert not story.done(Remove)


def test_lifetime_off_ends_what_is_under_way():
    story = told()
    story.says(ADA, "!lifetime 30")
    story.passes(days=1)
    story.effects.clear()
    story.passes(seconds=5)
    assert story.done(SweepPage)
    story.says(ADA, "!lifetime off")
    story.happens(PageSwept(GROUP, CIRCLE, None, "next", None))
    story.effects.clear()
    story.passes(seconds=5)
    assert not story.done(SweepPage)


def test_forget_me_of_who_is_only_named():
    story = told()
    story.founds(
        replace(example(), name="Birch", facilitators=(ADA, ZOE)), code="BIRCH-2222", is_open=False
    )
    story.opens_chat(ZOE)
    story.says(ZOE, "forget me")
    story.says(ZOE, "yes")
    assert not [r for r in story.records.values() if ZOE in repr(r)]


def test_a_space_before_the_leads_word():
    story = told(lead=LEA)
    story.opens_chat(LEA)
    assert story.says(LEA, " !role")[0].message.kind == "notice"


def test_two_renewals_each_get_their_sentence():
    story = told()
    story.founds(
        replace(example(), name="Birch", facilitators=(ADA, BEN), rules=example().rules[:1]),
        code="BIRCH-2222",
    )
    for u in (ADA, BEN, MEI):
        story.passes_the_gate(u, "BIRCH-2222")
    publishes(story, "Willow")
    publishes(story, "Birch")
    assert len(story.of(Renewal, MEI)) == 2
    story.says(MEI, AGREE)
    assert len(story.of(Renewal, MEI)) == 2  # which one is asked first
    story.says(MEI, "Willow")
    assert [one.group for one in story.of(Renewal, MEI)] == ["group-BIRCH-2222"]
    story.says(MEI, AGREE)
    assert not story.of(Renewal, MEI)


def test_paused_comes_back_while_the_next_change_rests():
    story = told()
    users = many(story, 6)
    publishes(story)
    for u in (ADA, BEN, *users):
        story.says(u, AGREE)
    for _ in range(16):
        story.passes(days=1)
    assert PauseReason.RULES in story.consents(MEI)[0].pauses
    publishes(story)
    for u in users[:3]:
        story.says(u, "concerned")
    assert group(story).change.suspended
    story.says(MEI, "continue")
    story.says(MEI, AGREE)
    assert not story.consents(MEI)[0].pauses


def test_paused_for_an_older_change_ends_after_thirty_days_though_the_next_was_suspended():
    story = told()
    users = many(story, 6)
    publishes(story)
    for u in (ADA, BEN, *users):
        story.says(u, AGREE)
    for _ in range(16):
        story.passes(days=1)
    publishes(story)
    for u in users[:3]:
        story.says(u, "concerned")
    story.says(ADA, "!rules undo")
    for _ in range(40):
        story.passes(days=1)
    assert not story.consents(MEI)


def test_concern_above_eight_is_not_said_to_be_passed_on():
    story = told()
    users = many(story, 6)
    publishes(story)
    before = len(story.heard)
    story.says(users[0], "concerned")
    assert not [h for h in story.heard[before:] if h.room == TEAM]
    assert "are asked to talk" not in story.heard[-1].body


def test_talk_opens_when_the_group_has_shrunk_below_eight():
    story = told()
    users = many(story, 5)
    publishes(story)
    story.says(users[0], "concerned")
    story.says(users[4], "leave")
    before = len(story.heard)
    story.says(users[1], "concerned")
    assert [h for h in story.heard[before:] if h.room == TEAM]


def test_who_ratified_after_the_copy_is_not_passed_over():
    story = told()
    publishes(story, how="urgent")
    story.restored = True
    story.happens(RatificationDue(GROUP, "2.0.0"))
    assert group(story).charter.rules[0].version == "2.0.0"


def oak(story):
    """Split Willow; return the new group, open."""
    story.says(ADA, f"!split Oak {ADA} {BEN}")
    story.says(BEN, "!split oak")
    for user in (ADA, BEN):
        story.passes_the_gate(user, "OAK-2222")
        story.says(user, "!sign Oak")
    story.says(ADA, "!open Oak")
    story.passes(days=0.01)
    return next(one.id for one in story.all(Group) if one.charter.name == "Oak")


def test_who_is_forgotten_in_one_group_makes_nobody_worry_about_the_one_beside():
    story = told()
    oak(story)
    story.passes(days=10)
    story.effects.clear()
    story.says(MEI, "forget me")
    story.says(MEI, "yes")
    assert not story.done(TellOperator)


def test_a_move_that_ran_out_leaves_no_name():
    story = told()
    new = oak(story)
    story.says(MEI, "move")
    assert MEI in group(story, new).movers
    story.passes(days=8)
    assert not group(story, new).movers


def test_once_the_second_group_has_closed_nobody_moves_and_another_can_begin():
    story = told()
    new = oak(story)
    story.says(ADA, "!close Oak")
    story.says(BEN, "!close Oak")
    for _ in range(17):
        story.passes(days=1)
    assert group(story, new).stage == "closed"
    assert story.says(MEI, "move")[-1].message.kind == "refusal"
    assert story.says(ADA, "!split oak")[-1].message.kind == "refusal", "that wish is over"
    story.says(ADA, f"!split Elm {ADA} {BEN}")
    story.says(BEN, "!split elm")
    assert {one.charter.name for one in story.all(Group)} == {"Willow", "Oak", "Elm"}
