"""The table of all commands: word, whose it is, and the file that answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from appservice.domain.commands.accept import accept
from appservice.domain.commands.agenda import agenda
from appservice.domain.commands.allow import allow
from appservice.domain.commands.appeal import appeal
from appservice.domain.commands.applicants import applicants
from appservice.domain.commands.away import away
from appservice.domain.commands.buddy import buddy
from appservice.domain.commands.calendar import calendar
from appservice.domain.commands.case import case
from appservice.domain.commands.cases import cases
from appservice.domain.commands.check_in import check_in
from appservice.domain.commands.check_on_me import check_on_me
from appservice.domain.commands.close import close
from appservice.domain.commands.coming import coming
from appservice.domain.commands.confirm import confirm
from appservice.domain.commands.confirm_ban import confirm_ban
from appservice.domain.commands.contact import contact
from appservice.domain.commands.continue_ import go_on
from appservice.domain.commands.country import country
from appservice.domain.commands.crisis_plan import crisis_plan
from appservice.domain.commands.decline import decline
from appservice.domain.commands.did import did
from appservice.domain.commands.digest import digest
from appservice.domain.commands.done import done
from appservice.domain.commands.draft import draft
from appservice.domain.commands.drill import drill
from appservice.domain.commands.facilitator_help import facilitator_help
from appservice.domain.commands.feedback import feedback
from appservice.domain.commands.find_times import find_times
from appservice.domain.commands.flag import flag
from appservice.domain.commands.forget_me import forget_me
from appservice.domain.commands.group_agenda import group_agenda
from appservice.domain.commands.group_appeal import group_appeal
from appservice.domain.commands.group_check_in import group_check_in
from appservice.domain.commands.group_coming import group_coming
from appservice.domain.commands.group_feedback import group_feedback
from appservice.domain.commands.group_lifetime import group_lifetime
from appservice.domain.commands.group_pause import group_pause
from appservice.domain.commands.group_poll import group_poll
from appservice.domain.commands.group_question import group_question
from appservice.domain.commands.group_reminders import group_reminders
from appservice.domain.commands.group_rules import group_rules
from appservice.domain.commands.group_theme import group_theme
from appservice.domain.commands.group_topics import group_topics
from appservice.domain.commands.groups import groups
from appservice.domain.commands.grow import grow
from appservice.domain.commands.guide import guide
from appservice.domain.commands.hand import hand
from appservice.domain.commands.handover import handover
from appservice.domain.commands.help import help_now
from appservice.domain.commands.hush import hush
from appservice.domain.commands.invite import invite
from appservice.domain.commands.join import join
from appservice.domain.commands.join_case import join_case
from appservice.domain.commands.joint import joint
from appservice.domain.commands.language import language
from appservice.domain.commands.learned import learned
from appservice.domain.commands.leave import leave
from appservice.domain.commands.let_in import let_in
from appservice.domain.commands.limits import limits
from appservice.domain.commands.meeting import meeting
from appservice.domain.commands.meetings import meetings
from appservice.domain.commands.milestone import milestone
from appservice.domain.commands.my_data import my_data
from appservice.domain.commands.my_flags import my_flags
from appservice.domain.commands.next_ import call_next
from appservice.domain.commands.no_prompts import no_prompts
from appservice.domain.commands.off import off
from appservice.domain.commands.on import on
from appservice.domain.commands.open_group import open_group
from appservice.domain.commands.options import options
from appservice.domain.commands.page import page
from appservice.domain.commands.pass_ import let_pass
from appservice.domain.commands.pause import pause
from appservice.domain.commands.plan_joint import plan_joint
from appservice.domain.commands.poll import poll
from appservice.domain.commands.polls import polls
from appservice.domain.commands.postvention import postvention
from appservice.domain.commands.privacy import privacy
from appservice.domain.commands.professionals import professionals
from appservice.domain.commands.prompts_on import prompts_on
from appservice.domain.commands.question import question
from appservice.domain.commands.queue import queue
from appservice.domain.commands.quiet import quiet
from appservice.domain.commands.quiet_hours import quiet_hours
from appservice.domain.commands.record import record
from appservice.domain.commands.red_paging import red_paging
from appservice.domain.commands.redact import redact
from appservice.domain.commands.redact_all import redact_all
from appservice.domain.commands.redact_message import redact_message
from appservice.domain.commands.redirect import redirect
from appservice.domain.commands.remind import remind
from appservice.domain.commands.reminders import reminders
from appservice.domain.commands.remove import remove
from appservice.domain.commands.resign import resign
from appservice.domain.commands.resource import resource
from appservice.domain.commands.resources import resources
from appservice.domain.commands.return_ import come_back
from appservice.domain.commands.reviewed import reviewed
from appservice.domain.commands.revoke import revoke
from appservice.domain.commands.role import role
from appservice.domain.commands.rota import rota
from appservice.domain.commands.rules import rules
from appservice.domain.commands.run_through import run_through
from appservice.domain.commands.second import second
from appservice.domain.commands.sign import sign
from appservice.domain.commands.snooze import snooze
from appservice.domain.commands.split import split
from appservice.domain.commands.step_out import step_out
from appservice.domain.commands.stop import stop
from appservice.domain.commands.suggest import suggest
from appservice.domain.commands.swap import swap
from appservice.domain.commands.take import take
from appservice.domain.commands.talk import talk
from appservice.domain.commands.test_page import test_page
from appservice.domain.commands.theme import theme
from appservice.domain.commands.timer import timer
from appservice.domain.commands.times import times
from appservice.domain.commands.topic import topic
from appservice.domain.commands.topics import topics
from appservice.domain.commands.training import training
from appservice.domain.commands.underage import underage
from appservice.domain.commands.undo import undo
from appservice.domain.commands.unpause import unpause
from appservice.domain.commands.waitlist import waitlist
from appservice.domain.commands.wake import wake
from appservice.domain.commands.warn import warn
from appservice.domain.commands.where import where
from appservice.domain.commands.withdraw import withdraw
from appservice.domain.commands.wording import wording
from appservice.domain.commands.yes import yes
from appservice.domain.commands.zone import zone
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn
from appservice.domain.types import Role

Handler = Callable[[Turn, str], Outcome | None]
"""Takes the turn and what follows the word; None: it was not meant as this command."""


@dataclass(frozen=True)
class Command:
    """A command word, by its id in the catalogue."""

    id: str
    role: Role
    handle: Handler
    for_all_named: bool = False  # of facilitators' words: also for whom the charter names at all


COMMANDS: Mapping[str, Command] = {
    command.id: command
    for command in (
        Command("help", Role.MEMBER, help_now),
        Command("join", Role.MEMBER, join),
        Command("continue", Role.MEMBER, go_on),
        Command("stop", Role.MEMBER, stop),
        Command("groups", Role.MEMBER, groups),
        Command("rules", Role.MEMBER, rules),
        Command("privacy", Role.MEMBER, privacy),
        Command("contact", Role.MEMBER, contact),
        Command("flag", Role.MEMBER, flag),
        Command("my-flags", Role.MEMBER, my_flags),
        Command("language", Role.MEMBER, language),
        Command("country", Role.MEMBER, country),
        Command("leave", Role.MEMBER, leave),
        Command("pause", Role.MEMBER, pause),
        Command("return", Role.MEMBER, come_back),
        Command("meetings", Role.MEMBER, meetings),
        Command("zone", Role.MEMBER, zone),
        Command("guide", Role.MEMBER, guide),
        Command("off", Role.MEMBER, no_prompts),
        Command("poll", Role.MEMBER, poll),
        Command("polls", Role.MEMBER, polls),
        Command("resources", Role.MEMBER, resources),
        Command("suggest", Role.MEMBER, suggest),
        Command("theme", Role.MEMBER, theme),
        Command("milestone", Role.MEMBER, milestone),
        Command("buddy", Role.MEMBER, buddy),
        Command("calendar", Role.MEMBER, calendar),
        Command("where", Role.MEMBER, where),
        Command("!help", Role.FACILITATOR, facilitator_help, for_all_named=True),
        Command("forget", Role.MEMBER, forget_me),
        Command("redact", Role.MEMBER, redact),
        Command("my", Role.MEMBER, my_data),
        Command("options", Role.MEMBER, options),
        Command("allow", Role.MEMBER, allow),
        Command("withdraw", Role.MEMBER, withdraw),
        Command("times", Role.MEMBER, times),
        Command("!times", Role.FACILITATOR, find_times),
        Command("joint", Role.MEMBER, joint),
        Command("!joint", Role.FACILITATOR, plan_joint),
        Command("check-in", Role.MEMBER, check_in),
        Command("question", Role.MEMBER, question),
        Command("feedback", Role.MEMBER, feedback),
        Command("digest", Role.MEMBER, digest),
        Command("!sign", Role.FACILITATOR, sign),
        Command("!draft", Role.FACILITATOR, draft),
        Command("!open", Role.FACILITATOR, open_group),
        Command("!confirm", Role.FACILITATOR, confirm, for_all_named=True),
        Command("!quiet", Role.FACILITATOR, quiet),
        Command("!wake", Role.FACILITATOR, wake),
        Command("!grow", Role.FACILITATOR, grow),
        Command("!split", Role.FACILITATOR, split),
        Command("!meeting", Role.FACILITATOR, meeting),
        Command("!close", Role.FACILITATOR, close),
        Command("!reviewed", Role.FACILITATOR, reviewed),
        Command("!limits", Role.FACILITATOR, limits),
        Command("!redirect", Role.FACILITATOR, redirect),
        Command("!professionals", Role.FACILITATOR, professionals),
        Command("!lifetime", Role.FACILITATOR, group_lifetime),
        Command("!poll", Role.FACILITATOR, group_poll),
        Command("!rules", Role.FACILITATOR, group_rules),
        Command("!role", Role.FACILITATOR, role, for_all_named=True),
        Command("!handover", Role.FACILITATOR, handover, for_all_named=True),
        Command("!resign", Role.FACILITATOR, resign, for_all_named=True),
        Command("!revoke", Role.FACILITATOR, revoke, for_all_named=True),
        Command("!page", Role.FACILITATOR, page, for_all_named=True),
        Command("!training", Role.FACILITATOR, training, for_all_named=True),
        Command("!off", Role.FACILITATOR, off),
        Command("!on", Role.FACILITATOR, on),
        Command("!away", Role.FACILITATOR, away),
        Command("!rota", Role.FACILITATOR, rota),
        Command("!swap", Role.FACILITATOR, swap),
        Command("!test-page", Role.FACILITATOR, test_page),
        Command("!red-paging", Role.FACILITATOR, red_paging),
        Command("!invite", Role.FACILITATOR, invite),
        Command("!applicants", Role.FACILITATOR, applicants),
        Command("!accept", Role.FACILITATOR, accept),
        Command("!waitlist", Role.FACILITATOR, waitlist),
        Command("!decline", Role.FACILITATOR, decline),
        Command("!resource", Role.FACILITATOR, resource),
        Command("!theme", Role.FACILITATOR, group_theme),
        Command("!underage", Role.FACILITATOR, underage),
        Command("agenda", Role.MEMBER, agenda),
        Command("topic", Role.MEMBER, topic),
        Command("topics", Role.MEMBER, topics),
        Command("hand", Role.MEMBER, hand),
        Command("done", Role.MEMBER, done),
        Command("pass", Role.MEMBER, let_pass),
        Command("step", Role.MEMBER, step_out),
        Command("check", Role.MEMBER, check_on_me),
        Command("!agenda", Role.FACILITATOR, group_agenda),
        Command("!topics", Role.FACILITATOR, group_topics),
        Command("!done", Role.FACILITATOR, run_through, for_all_named=True),
        Command("!queue", Role.FACILITATOR, queue),
        Command("!next", Role.FACILITATOR, call_next),
        Command("!timer", Role.FACILITATOR, timer),
        Command("!question", Role.FACILITATOR, group_question),
        Command("!feedback", Role.FACILITATOR, group_feedback),
        Command("!did", Role.FACILITATOR, did),
        Command("!checkin", Role.FACILITATOR, group_check_in),
        Command("on", Role.MEMBER, prompts_on),
        Command("snooze", Role.MEMBER, snooze),
        Command("quiet", Role.MEMBER, quiet_hours),
        Command("reminders", Role.MEMBER, reminders),
        Command("coming", Role.MEMBER, coming),
        Command("!coming", Role.FACILITATOR, group_coming),
        Command("!reminders", Role.FACILITATOR, group_reminders),
        Command("!plan", Role.FACILITATOR, crisis_plan),
        Command("!drill", Role.FACILITATOR, drill),
        Command("!learned", Role.FACILITATOR, learned),
        Command("!words", Role.FACILITATOR, wording, for_all_named=True),
        Command("!postvention", Role.FACILITATOR, postvention, for_all_named=True),
        Command("!cases", Role.FACILITATOR, cases, for_all_named=True),
        Command("!case", Role.FACILITATOR, case, for_all_named=True),
        Command("!take", Role.FACILITATOR, take, for_all_named=True),
        Command("!join", Role.FACILITATOR, join_case, for_all_named=True),
        Command("!talk", Role.FACILITATOR, talk),
        Command("!remind", Role.FACILITATOR, remind),
        Command("!warn", Role.FACILITATOR, warn),
        Command("!pause", Role.FACILITATOR, group_pause),
        Command("!unpause", Role.FACILITATOR, unpause),
        Command("!remove", Role.FACILITATOR, remove),
        Command("!let-in", Role.FACILITATOR, let_in),
        Command("!record", Role.FACILITATOR, record, for_all_named=True),
        Command("!yes", Role.FACILITATOR, yes, for_all_named=True),
        Command("!undo", Role.FACILITATOR, undo, for_all_named=True),
        Command("!second", Role.FACILITATOR, second, for_all_named=True),
        Command("!redact", Role.FACILITATOR, redact_message),
        Command("!redact-all", Role.FACILITATOR, redact_all),
        Command("!hush", Role.FACILITATOR, hush),
        Command("!confirm-ban", Role.FACILITATOR, confirm_ban, for_all_named=True),
        Command("!appeal", Role.FACILITATOR, group_appeal, for_all_named=True),
        Command("appeal", Role.MEMBER, appeal),
    )
}
