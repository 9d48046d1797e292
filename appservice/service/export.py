"""All that is kept about somebody, as JSON: for themselves, and for nobody else to be named in."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from appservice import crypto
from appservice.domain.cases.case import Case
from appservice.domain.flags import listing
from appservice.domain.group import Group
from appservice.domain.records import OF_GROUP, Record
from appservice.domain.types import UserId
from appservice.domain.unnamed import unnamed
from appservice.ports import Json, Store, Work

_PARTS = ("records", "agreements", "groups", "rhythm", "flags", "handled")
_OTHERS = {"room": ("members",), "person": ("proving",)}
"""Fields that may name other people: an address that nobody has proved may be anybody's."""


async def own_data(store: Store, user: UserId) -> bytes:
    """Return it as a file."""
    async with store.begin() as work:
        about = await all_about(work, user)
    return json.dumps(about, ensure_ascii=False, indent=2).encode()


async def all_about(work: Work, user: UserId) -> Json:
    """Return `records`, `agreements` (the lines of the record of consents), `groups`, `keys`.

    And `rhythm`: what they answered or took on in what is kept of a group's meetings and polls.

    `flags`: what they raised, and how far it has come; `handled`: cases that they had a part in as
    a facilitator. A case in which others name them is not in it: about that they ask a person.
    """
    cases = await work.all(Case)
    return {
        "user": user,
        "records": [_without_others(record) for record in await work.about_person(user)],
        "agreements": [_plain(asdict(entry)) for entry in await work.entries(user)],
        "groups": [named for group in await work.all(Group) if (named := _named(group, user))],
        "rhythm": await _rhythm(work, user),
        "flags": [_flag(case) for case in listing.raised_by(user, cases)],
        "handled": [part for case in cases if (part := _handled(case, user))],
        "keys": await _keys(work, user),
    }


def is_known(about: Json) -> bool:
    """Say whether anything at all is kept about them."""
    return any(about[part] for part in _PARTS)


async def _rhythm(work: Work, user: UserId) -> list[Json]:
    records = [record for kind in OF_GROUP for record in await work.all(kind)]
    return [
        {"kind": record.kind, "group": record.indexed[1], **own}
        for record in records
        if (own := _own_part(record, user))
    ]


def _own_part(record: Record, user: UserId) -> Json:
    """Return what stands under their name, and where else they are named."""
    held = {field.name: getattr(record, field.name) for field in fields(record)}
    under = {
        name: _plain(value[user])
        for name, value in held.items()
        if isinstance(value, Mapping) and user in value
    }
    named = [name for name, value in held.items() if name not in under and _names(value, user)]
    return {**under, **({"named_as": named} if named else {})}


def _names(value: object, user: UserId) -> bool:
    return bool(unnamed(value, user) != value)


def _flag(case: Case) -> Json:
    state = listing.state_of(case)
    return {"case": case.name, "raised": case.opened.isoformat(), "state": state}


def _handled(case: Case, user: UserId) -> Json:
    parts = {"owner": case.owner == user, "second": case.second == user}
    named = [part for part, theirs in parts.items() if theirs]
    named += ["shown"] if user in case.shown else []
    return {"case": case.name, "as": named} if named else {}


async def _keys(work: Work, user: UserId) -> Json:
    vault = await work.vault(crypto.need_devices([user]))
    return {
        "devices": sorted(device.device_id for device in crypto.devices(vault, user)),
        "identity": crypto.master_key(vault, user),
        "identity_changed": crypto.identity_changed(vault, user),
    }


def _named(group: Group, user: UserId) -> Json:
    """Say in which places a group names them, if it does."""
    charter, change = group.charter, group.change
    places = {
        "facilitator": user in charter.facilitators,
        "lead": user == charter.lead,
        "greeter": user in charter.greeters,
        "tech_host": user in charter.tech_hosts,
        "signed": user in group.signed,
        "paused": user in group.muted,
        "published_a_change": change is not None and user == change.by,
        "concerned": change is not None and user in change.concerned,
    }
    named = [place for place, there in places.items() if there]
    others = tuple(one for one in group.postventions if one.user != user)
    told = replace(group, postventions=others)  # about their own they ask a person
    if told == unnamed(told, user):
        return {}
    return {"group": group.id, "name": charter.name, "named_as": named or ["elsewhere"]}


def _without_others(record: Json) -> Json:
    hidden = _OTHERS.get(record["kind"], ())
    return {name: value for name, value in record.items() if name not in hidden}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value.isoformat() if isinstance(value, datetime) else value
