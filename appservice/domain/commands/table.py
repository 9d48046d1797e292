"""The table of all commands: word, whose it is, and the file that answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from appservice.domain.commands.accept import accept
from appservice.domain.commands.applicants import applicants
from appservice.domain.commands.confirm import confirm
from appservice.domain.commands.contact import contact
from appservice.domain.commands.continue_ import go_on
from appservice.domain.commands.country import country
from appservice.domain.commands.decline import decline
from appservice.domain.commands.facilitator_help import facilitator_help
from appservice.domain.commands.group_rules import group_rules
from appservice.domain.commands.groups import groups
from appservice.domain.commands.help import help_now
from appservice.domain.commands.invite import invite
from appservice.domain.commands.join import join
from appservice.domain.commands.language import language
from appservice.domain.commands.leave import leave
from appservice.domain.commands.open_group import open_group
from appservice.domain.commands.privacy import privacy
from appservice.domain.commands.rules import rules
from appservice.domain.commands.sign import sign
from appservice.domain.commands.stop import stop
from appservice.domain.commands.waitlist import waitlist
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
        Command("language", Role.MEMBER, language),
        Command("country", Role.MEMBER, country),
        Command("leave", Role.MEMBER, leave),
        Command("!help", Role.FACILITATOR, facilitator_help),
        Command("!sign", Role.FACILITATOR, sign),
        Command("!open", Role.FACILITATOR, open_group),
        Command("!confirm", Role.FACILITATOR, confirm),
        Command("!rules", Role.FACILITATOR, group_rules),
        Command("!invite", Role.FACILITATOR, invite),
        Command("!applicants", Role.FACILITATOR, applicants),
        Command("!accept", Role.FACILITATOR, accept),
        Command("!waitlist", Role.FACILITATOR, waitlist),
        Command("!decline", Role.FACILITATOR, decline),
    )
}
