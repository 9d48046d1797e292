"""Ground rules with versions: proposed, published, agreed to again, or not."""

from datetime import timedelta

import pytest

from appservice.domain.application import Application
from appservice.domain.effects import OpenChat, Remove
from appservice.domain.events import RenewalDue
from appservice.domain.group import Group
from appservice.domain.records import Care, Consent, PauseReason, Renewal, Version
from appservice.domain.types import GroupId, RoomKind, UserId
from tests.support.story import ADA, BEN, MEI, ZOE, Story, example, replace

GROUP = GroupId("group-WILLOW-7Q4K")
CIRCLE = f"!{RoomKind.CIRCLE}-{GROUP}"
NOTICEBOARD = f"!{RoomKind.NOTICEBOARD}-{GROUP}"
TEAM = f"!{RoomKind.FACILITATORS}-{GROUP}"
RULE = (
    "!rules propose 7. Quiet hours: From ten at night until seven in the morning we write nothing."
)
AGREE = "I agree to the rules"


@pytest.fixture
def story() -> Story:
    """A group with its two facilitators, Ada and Ben, and one member, Mei."""
    story = Story()
    story.founds(replace(example(), facilitators=(ADA, BEN), rules=example().rules[:1]))
    story.lets_in(ADA, BEN, MEI)
    return story


def publishes(story: Story, how: str = "major", why: str = "We need sleep.") -> None:
    """Let Ada propose another rule, say why, and publish it."""
    story.says(ADA, RULE)
    story.says(ADA, f"!rules why {why}")
    story.says(ADA, f"!rules publish {how}")


def many(story: Story, count: int) -> list[UserId]:
    """Let more members come in."""
    users = [UserId(f"@m{number:02}:example.org") for number in range(count)]
    story.lets_in(*users)
    return users


def group_of(story: Story) -> Group:
    return story.one(Group, GROUP)


def power(story: Story, user: UserId, room: str = CIRCLE) -> int:
    return story.room_state[room]["m.room.power_levels"]["users"].get(user, 0)


def heard_by(story: Story, user: UserId, since: int = 0) -> list[str]:
    chat = story.person(user).chat
    return [heard.body for heard in story.heard[since:] if heard.room == chat]


# -- proposing


def test_a_proposal_is_shown_and_changes_nothing(story):
    before = group_of(story).charter.rules
    said = story.says(ADA, RULE)
    assert "Now reads: 7. Quiet hours" in said[0].body or "New: 7. Quiet hours" in said[0].body
    assert group_of(story).charter.rules == before
    assert "A proposal waits" in story.says(BEN, "!rules")[0].body
    story.says(BEN, "!rules discard")
    assert group_of(story).proposal is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("!rules propose", "I read rules like this"),
        ("!rules propose quiet hours", "I read rules like this"),
        (f"!rules propose 7. Long: {'word ' * 61}", "60"),
        ("!rules propose 7. A: one\n7. B: two", "stays in its own words"),
        ("!rules propose 1. Anything: goes here now", "stays in its own words"),
        ("!rules remove 1", "stays in its own words"),
        ("!rules remove 44", "There is no rule 44"),
        ("!rules remove", "After !rules comes a word"),
        ("!rules propose de 7. Ruhe: Nachts schreiben wir nichts.", "no text in de"),
        ("!rules propose xx 7. Rest: No writing at night.", "no text in xx"),
        ("!rules publish major", "Nothing is proposed"),
        ("!rules why because", "Nothing is proposed"),
        ("!rules ratify", "There is no change"),
        ("!rules resume", "There is no change"),
        ("!rules undo", "There is no change"),
        ("!rules sideways", "After !rules comes a word"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_changes_nothing(story, text, answer):
    before = group_of(story)
    said = story.says(ADA, text)
    assert said[0].message.kind == "refusal"
    assert answer in said[0].body
    assert replace(group_of(story), team=before.team) == before  # she was seen, and that is all


def test_a_repeated_number_is_refused(story):
    rules = group_of(story).charter.rules[0].rules
    whole = "\n".join(f"{rule.number}. {rule.title}: {rule.text}" for rule in rules)
    said = story.says(ADA, f"!rules propose {whole}\n9. One: word\n9. Two: words")
    assert said[0].message.kind == "refusal"
    assert "9" in said[0].body
    assert group_of(story).proposal is None


def test_the_whole_text_can_be_proposed_at_once(story):
    rules = group_of(story).charter.rules[0].rules
    kept = "\n".join(f"{rule.number}. {rule.title}: {rule.text}" for rule in rules if rule.core)
    story.says(ADA, f"!rules propose {kept}\n44. Tea: We bring our own tea.")
    proposed = group_of(story).proposal.rules[0]
    assert [rule.number for rule in proposed.rules if not rule.core] == [44]
    assert len(proposed.asked) == 3  # the questions stay with the core rules


@pytest.mark.parametrize(
    ("how", "answer"),
    [
        ("", "Say how much it weighs"),
        ("huge", "Say how much it weighs"),
        ("patch", "everybody must be asked"),
        ("minor", "everybody must be asked"),
        ("major from yesterday", "Write the day like this"),
        ("major from 2020-01-01", "Members need 14 days"),
        ("major from 2026-12-01", "Members need 14 days"),
        ("major from 2026-02-30", "Write the day like this"),
        ("major from 2031-01-01", "too far away"),
    ],
)
def test_a_new_rule_cannot_be_published_just_so(story, how, answer):
    story.says(ADA, RULE.replace("7.", "44."))
    story.says(ADA, "!rules why We need sleep.")
    said = story.says(ADA, f"!rules publish {how}")
    assert said[0].message.kind == "refusal"
    assert answer in said[0].body
    assert group_of(story).charter.rules == example().rules[:1]


def test_a_major_change_needs_a_reason(story):
    story.says(ADA, RULE)
    assert "why" in story.says(ADA, "!rules publish major")[0].body
    assert group_of(story).change is None


def test_the_same_text_again_is_no_change(story):
    rule = group_of(story).charter.rules[0].others[-1]
    story.says(ADA, f"!rules propose {rule.number}. {rule.title}: {rule.text}")
    story.says(ADA, "!rules why For no reason.")
    assert "say already" in story.says(ADA, "!rules publish major")[0].body


def test_every_language_must_have_the_same_rules(story):
    both = replace(group_of(story).charter, rules=example().rules)
    story.records["group", GROUP] = replace(group_of(story), charter=both)
    story.says(ADA, RULE.replace("7.", "44."))
    story.says(ADA, "!rules why We need sleep.")
    assert "Still to do: de" in story.says(ADA, "!rules publish major")[0].body
    story.says(ADA, "!rules propose de 44. Ruhe: Nachts schreiben wir nichts.")
    story.says(ADA, "!rules publish major")
    assert {rules.version for rules in group_of(story).charter.rules} == {"2.0.0"}
    assert len(group_of(story).charter.rules) == len(example().rules)


def test_only_facilitators_can(story):
    before = group_of(story)
    assert story.says(MEI, RULE)[0].message.kind == "refusal"
    assert story.says(MEI, "!rules undo")[0].message.kind == "refusal"
    assert group_of(story) == before


# -- patch and minor


def test_a_patch_is_told_on_the_noticeboard_and_asks_nobody(story):
    number = group_of(story).charter.rules[0].others[-1].number
    story.says(ADA, f"!rules propose {number}. Kind words: We are kind to one another.")
    before = len(story.heard)
    story.says(ADA, "!rules publish patch")
    assert [h.room for h in story.heard[before:]].count(NOTICEBOARD) == 1
    assert not heard_by(story, MEI, before)
    assert group_of(story).charter.rules[0].version == "1.0.1"
    assert not story.all(Renewal)


def test_a_minor_change_is_told_to_everybody_and_asks_nobody(story):
    number = group_of(story).charter.rules[0].others[-1].number
    story.says(ADA, f"!rules propose {number}. Kind words: We are kind to one another.")
    story.says(ADA, "!rules why It was hard to read.")
    before = len(story.heard)
    story.says(ADA, "!rules publish minor")
    for user in (ADA, BEN, MEI):
        assert any(
            "1.1.0" in body and "You need do nothing" in body
            for body in heard_by(story, user, before)
        )
    assert not story.all(Renewal)
    assert story.consents(MEI)[0].rules_version == "1.0.0"


# -- a major change


def test_everybody_is_asked_with_what_changed_and_why(story):
    before = len(story.heard)
    publishes(story)
    asked = [h for h in story.heard[before:] if h.room == story.person(MEI).chat]
    assert len(asked) == 1
    assert asked[0].message.kind == "statement"
    assert [choice.id for choice in asked[0].message.choices] == ["agree", "concerned"]
    assert "7. Quiet hours" in asked[0].body
    assert "We need sleep." in asked[0].body
    assert "Others can see that" in asked[0].body
    team = [h.body for h in story.heard[before:] if h.room == TEAM]
    assert any("Please post this there" in body for body in team)
    assert {r.user for r in story.all(Renewal)} == {ADA, BEN, MEI}


def test_who_agrees_gets_a_receipt_and_is_left_in_peace(story):
    publishes(story)
    heard = story.says(MEI, AGREE)
    assert heard[0].message.kind == "receipt"
    consent = story.consents(MEI)[0]
    assert (consent.rules_version, consent.agreed) == ("2.0.0", ("1.0.0",))
    assert [(e.version, e.given) for e in story.entries if e.user == MEI and e.version] == [
        ("1.0.0", True),
        ("2.0.0", True),
    ]
    before = len(story.heard)
    for _ in range(60):
        story.passes(days=1)
    assert not heard_by(story, MEI, before)
    assert power(story, MEI) == 0
    assert story.consents(MEI)


@pytest.mark.parametrize(
    "text", ["yes", "1", "ok", "I do not agree to the rules", "I agree", "sure"]
)
def test_nothing_but_the_sentence_agrees(story, text):
    publishes(story)
    story.says(MEI, text)
    assert story.consents(MEI)[0].rules_version == "1.0.0"
    story.says(MEI, AGREE)
    assert story.consents(MEI)[0].rules_version == "2.0.0"


def test_asked_at_fourteen_seven_and_one_days_then_paused_then_kindly_removed(story):
    publishes(story)
    chat, days = story.person(MEI).chat, {}
    for day in range(1, 46):
        before = len(story.heard)
        story.passes(days=1)
        if said := [h.message.kind for h in story.heard[before:] if h.room == chat]:
            days[day] = said
    assert days == {7: ["statement"], 13: ["statement"], 14: ["paused"], 44: ["notice"]}
    assert not story.consents(MEI)
    assert story.rooms[CIRCLE].get(MEI) is None
    assert not story.of(Renewal, MEI)
    assert MEI not in group_of(story).muted
    assert story.of(Consent, MEI)[0].removed_for_rules
    assert [e.subject for e in story.entries if e.user == MEI and not e.given] == ["rules", "data"]


def test_a_pause_is_a_power_below_zero_and_ends_with_the_sentence(story):
    publishes(story)
    for _ in range(14):
        story.passes(days=1)
    assert {power(story, MEI, room) for room in group_of(story).rooms.values()} == {-1}
    assert story.consents(MEI)[0].pauses == (PauseReason.RULES,)
    story.says(MEI, "continue")
    assert story.hears("statement").body.count("You can read, but not write") == 1
    heard = story.says(MEI, AGREE)
    assert "You can write" in heard[0].body
    assert {power(story, MEI, room) for room in group_of(story).rooms.values()} == {0}
    assert story.consents(MEI)[0].pauses == ()


def test_a_facilitator_who_was_paused_has_their_power_back(story):
    publishes(story)
    for _ in range(14):
        story.passes(days=1)
    assert power(story, BEN) == -1
    story.says(BEN, AGREE)
    assert power(story, BEN) == 50


def test_a_room_that_is_mended_keeps_a_pause(story):
    publishes(story)
    for _ in range(14):
        story.passes(days=1)
    levels = story.room_state[CIRCLE]["m.room.power_levels"]
    story.room_state[CIRCLE]["m.room.power_levels"] = {**levels, "users": {}}
    story.looks(GROUP)
    assert power(story, MEI) == -1


def test_an_answer_to_an_old_question_and_a_second_device_change_nothing(story):
    publishes(story)
    first = story.says(MEI, AGREE)
    assert first[0].message.kind == "receipt"
    entries = len(story.entries)
    assert story.says(MEI, AGREE) == []
    assert len(story.entries) == entries


def test_a_newcomer_agrees_to_the_new_rules_at_once(story):
    publishes(story)
    story.passes_the_gate(ZOE)
    assert story.consents(ZOE)[0].rules_version == "2.0.0"
    assert not story.of(Renewal, ZOE)


def test_who_is_in_the_gate_when_rules_change_is_shown_them_again(story):
    story.says(ZOE, "join WILLOW-7Q4K")
    story.says(ZOE, "yes")
    story.answers_right(ZOE)
    publishes(story)
    story.says(ZOE, AGREE)
    assert "rules have changed since" in heard_by(story, ZOE)[-1]
    assert not story.consents(ZOE)
    story.answers_right(ZOE)
    story.says(ZOE, AGREE)
    story.says(ZOE, "I consent")
    assert story.consents(ZOE)[0].rules_version == "2.0.0"


def test_somebody_without_a_private_chat_is_asked_when_they_come_into_the_new_one(story):
    story.records["person", MEI] = replace(story.person(MEI), chat=None, greeted=False)
    publishes(story)
    assert OpenChat(MEI) in story.effects
    chat = story.person(MEI).chat
    before = len(story.heard)
    story.rooms[chat][MEI] = "join"
    story.inspects(chat)
    said = [h for h in story.heard[before:] if h.room == chat]
    assert [h.message.kind for h in said] == ["statement"]
    assert said[0].message.parts[0] == "program"
    story.says(MEI, AGREE)
    assert story.consents(MEI)[0].rules_version == "2.0.0"
    before = len(story.effects)
    story.records["person", MEI] = replace(story.person(MEI), chat=None, greeted=False)
    story.passes(days=20)
    assert OpenChat(MEI) not in story.effects[before:]


def test_one_who_leaves_is_asked_no_more(story):
    publishes(story)
    story.says(MEI, "leave")
    before = len(story.heard)
    story.passes(days=60)
    assert not heard_by(story, MEI, before)
    assert not [key for key in story.timers if key.startswith(f"renewal {MEI}")]


def test_a_second_change_cannot_come_while_one_is_pending(story):
    publishes(story)
    story.says(BEN, RULE.replace("7.", "8."))
    story.says(BEN, "!rules why Another one.")
    said = story.says(BEN, "!rules publish major")
    assert said[0].message.kind == "refusal"
    assert "still being asked" in said[0].body
    assert group_of(story).charter.rules[0].version == "2.0.0"


def test_a_change_after_a_pause_asks_for_both_at_once(story):
    publishes(story)
    for _ in range(15):
        story.passes(days=1)
    story.says(ADA, AGREE)
    story.says(ADA, RULE.replace("7.", "8."))
    story.says(ADA, "!rules why Another one.")
    before = len(story.heard)
    story.says(ADA, "!rules publish major")
    asked = heard_by(story, MEI, before)
    assert "8. Quiet hours" in asked[0]
    assert "7. Quiet hours" in asked[0]  # she agreed to neither
    assert "not write" in asked[0]
    story.says(MEI, AGREE)
    assert story.consents(MEI)[0].rules_version == "3.0.0"
    assert power(story, MEI) == 0


# -- clocks that jump, backups, care


def test_a_clock_that_jumped_takes_nobody_by_surprise(story):
    publishes(story)
    story.passes(days=400)
    assert story.consents(MEI)
    assert power(story, MEI) == 0
    story.hears("statement", story.person(MEI).chat)
    story.passes(days=1)
    assert power(story, MEI) == -1
    story.passes(days=29)
    assert story.consents(MEI)
    story.passes(days=1)
    assert not story.consents(MEI)


def test_a_repeated_timer_does_nothing_twice(story):
    publishes(story)
    for _ in range(3):
        story.happens(RenewalDue(MEI, GROUP))
    assert len(heard_by(story, MEI)) == len({*heard_by(story, MEI)})
    assert power(story, MEI) == 0


def test_while_a_care_case_is_open_nothing_runs(story):
    publishes(story)
    story.passes(days=7)
    story.records["care", MEI] = Care(MEI, story.now)
    before = len(story.heard)
    for _ in range(90):
        story.passes(days=1)
    assert not heard_by(story, MEI, before)
    assert power(story, MEI) == 0
    assert story.consents(MEI)
    del story.records["care", MEI]
    for _ in range(5):
        story.passes(days=1)
    assert power(story, MEI) == 0  # seven days were left, less the day of the last look
    for _ in range(4):
        story.passes(days=1)
    assert power(story, MEI) == -1


def test_a_care_case_in_a_pause_keeps_somebody_in(story):
    publishes(story)
    for _ in range(14):
        story.passes(days=1)
    story.records["care", MEI] = Care(MEI, story.now)
    for _ in range(90):
        story.passes(days=1)
    assert story.consents(MEI)
    del story.records["care", MEI]
    for _ in range(32):
        story.passes(days=1)
    assert not story.consents(MEI)


def test_nobody_whom_a_care_case_names_is_taken_out_by_the_reconciler(story):
    story.records["care", ZOE] = Care(ZOE, story.now)
    story.rooms[CIRCLE][ZOE] = "join"
    story.looks(GROUP)
    assert not [e for e in story.done(Remove) if e.user == ZOE]
    del story.records["care", ZOE]
    story.looks(GROUP)
    assert [e for e in story.done(Remove) if e.user == ZOE]


def test_after_a_restore_nobody_is_paused_until_all_was_looked_at(story):
    publishes(story)
    story.restored = True
    story.passes(days=60)
    assert power(story, MEI) == 0
    assert story.consents(MEI)


# -- concerns


def test_below_eight_the_first_concern_opens_a_talk_and_tells_no_name(story):
    publishes(story)
    before = len(story.heard)
    said = story.says(MEI, "concerned")
    assert "I tell no one that it was you" in said[-1].body
    team = [h.body for h in story.heard[before:] if h.room == TEAM]
    assert len(team) == 1
    assert "@mei" not in team[0]
    story.says(BEN, "concerned")
    story.says(MEI, "concerned")
    assert len([h for h in story.heard[before:] if h.room == TEAM]) == 1
    assert not group_of(story).change.suspended
    story.says(MEI, AGREE)
    assert story.consents(MEI)[0].rules_version == "2.0.0"


def test_from_eight_on_a_quarter_lets_the_change_rest(story):
    users = many(story, 6)  # nine with the three
    publishes(story)
    for user in users[:2]:
        story.says(user, "concerned")
        assert not group_of(story).change.suspended
    story.says(users[2], "concerned")
    group = group_of(story)
    assert group.change.suspended
    assert group.charter.rules[0].version == "1.0.0"
    for _ in range(60):
        story.passes(days=1)
    assert group_of(story).muted == ()
    assert len([c for c in story.all(Consent) if c.withdrawn is None]) == 9
    said = story.says(users[5], AGREE)
    assert "rests" in said[0].body
    assert story.consents(users[5])[0].rules_version == "1.0.0"


def test_after_the_talk_it_is_asked_again_or_taken_back(story):
    users = many(story, 6)
    publishes(story)
    story.says(users[5], AGREE)
    for user in users[:3]:
        story.says(user, "concerned")
    story.says(BEN, "!rules resume")
    assert group_of(story).charter.rules[0].version == "2.0.0"
    assert users[5] not in {r.user for r in story.all(Renewal)}
    assert users[0] in {r.user for r in story.all(Renewal)}
    story.says(ADA, "!rules undo")
    assert group_of(story).charter.rules[0].version == "1.0.0"
    assert not story.all(Renewal)
    assert group_of(story).change is None


def test_numbers_of_concerns_are_never_told(story):
    users = many(story, 6)
    publishes(story)
    for user in users[:3]:
        story.says(user, "concerned")
    told = " ".join(h.body for h in story.heard if "rests" in h.body)
    assert told
    assert not any(word in told for word in ("three", " 3 ", "33", "quarter"))


def test_a_concern_after_the_time_is_too_late(story):
    many(story, 6)
    publishes(story)
    chat = story.person(MEI).chat
    for _ in range(15):
        story.passes(days=1)
    story.says(MEI, "concerned")
    assert "There is no change" in story.hears("notice", chat).body
    assert not group_of(story).change.concerned


def test_taking_back_asks_who_knows_only_the_new_rules(story):
    publishes(story)
    story.passes_the_gate(ZOE)
    story.says(ADA, "!rules undo")
    assert {r.user for r in story.all(Renewal)} == {ZOE}
    story.says(ZOE, AGREE)
    assert story.consents(ZOE)[0].rules_version == "1.0.0"


def test_the_next_major_number_is_above_every_number_there_was(story):
    publishes(story)
    story.says(ADA, "!rules undo")
    publishes(story)
    assert group_of(story).charter.rules[0].version == "3.0.0"
    assert {v.number for v in story.all(Version)} == {"1.0.0", "2.0.0", "3.0.0"}


# -- urgent


def test_an_urgent_change_counts_at_once_and_falls_without_a_second_word(story):
    publishes(story, "urgent")
    assert group_of(story).charter.rules[0].version == "2.0.0"
    assert "second one" in story.says(ADA, "!rules ratify")[0].body
    for _ in range(15):
        story.passes(days=1)
    assert group_of(story).charter.rules[0].version == "1.0.0"
    assert group_of(story).muted == ()
    assert not story.all(Renewal)


def test_an_urgent_change_stays_with_a_second_word(story):
    publishes(story, "urgent")
    story.says(BEN, "!rules ratify")
    for _ in range(15):
        story.passes(days=1)
    assert group_of(story).charter.rules[0].version == "2.0.0"
    assert MEI in group_of(story).muted


def test_an_urgent_change_takes_no_rule_away(story):
    number = group_of(story).charter.rules[0].others[-1].number
    story.says(ADA, f"!rules remove {number}")
    story.says(ADA, "!rules why It is not needed.")
    assert "take no rule away" in story.says(ADA, "!rules publish urgent")[0].body


# -- two groups at once


def test_a_sentence_that_two_groups_wait_for_is_taken_for_neither_before_one_is_named(story):
    story.founds(replace(example(), name="Birch", facilitators=(ADA, BEN)), code="BIRCH-2222")
    story.says(MEI, "join BIRCH-2222")
    story.says(MEI, "yes")
    story.answers_right(MEI)
    publishes(story)  # while the sentence for Birch is still to be written
    said = story.causes
    asked = story.says(MEI, AGREE)[0]
    assert [choice.id for choice in asked.message.choices] == ["Willow", "Birch"]
    assert story.consents(MEI)[0].rules_version == "1.0.0"
    story.says(MEI, "2")
    assert story.hears("statement", story.person(MEI).chat).message.group == "Birch"
    assert story.consents(MEI)[0].rules_version == "1.0.0"
    assert story.of(Application, MEI)[0].rules_agreed == f"$said-{said}"
    story.says(MEI, "I consent")
    assert {c.rules_version for c in story.consents(MEI)} == {"1.0.0"}
    story.says(MEI, AGREE)
    assert {c.rules_version for c in story.consents(MEI)} == {"1.0.0", "2.0.0"}


# -- reading


def test_older_versions_can_be_read(story):
    publishes(story)
    assert "7. Quiet hours" in story.says(MEI, "rules")[0].body
    older = story.says(MEI, "rules 1.0.0")[0].body
    assert "1.0.0" in older
    assert "7. Quiet hours" not in older
    assert "1.0.0, 2.0.0" in story.says(MEI, "rules 9.9.9")[0].body
    assert timedelta(days=14) == story.of(Renewal, MEI)[0].due - story.now
