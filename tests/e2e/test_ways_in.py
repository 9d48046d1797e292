"""Ways into a group on a real Synapse with Element's crypto, and what a wrong code tells."""

import asyncio
import statistics
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
import pytest_asyncio
import yaml
from nio.crypto.attachments import decrypt_attachment

from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.domain.application import Code
from appservice.domain.gate.codes import fold_code
from appservice.main import open_store
from tests.e2e.town import TROUBLE, Town, inhabited, right
from tests.support.client_api import quoted
from tests.support.member import Line
from tests.support.ports import reserve_port
from tests.support.synapse import ROOT, SynapseError
from tests.support.walker import Walker

pytestmark = [
    pytest.mark.synapse,
    pytest.mark.interop,
    pytest.mark.asyncio(loop_scope="module"),
]
STANDARD = ROOT / "config" / "examples" / "standard.yaml"
QUESTIONS = ("What brings you here?", "What would help you?", "Anything else?")
WHO_AM_I = "/_matrix/client/v3/account/whoami"
TOKEN = "a-token-for-new-accounts"
PUBLIC = reserve_port()
ANSWERS = 200  # of each kind
GUESSERS = 20  # people, since nobody may guess more often than twenty times a day
WITHIN_MS = 10


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """One installation with an open group and a draft."""
    settings = {"public": f"127.0.0.1:{PUBLIC}", "registration_token": TOKEN}
    async with inhabited(tmp_path_factory.mktemp("town"), settings=settings) as made:
        made.groups["ROWAN"], made.facilitators = await made.found("ROWAN", size="standard")
        made.groups["ASPEN"], _ = await made.found("ASPEN", draft=True)
        charter = made.house.folder / "asking.yaml"
        written = yaml.safe_load(STANDARD.read_text("utf-8"))
        charter.write_text(
            yaml.safe_dump({**written, "approval": True, "questions": list(QUESTIONS)}), "utf-8"
        )
        names = [account.user_id for account in made.facilitators]
        made.groups["HAZEL"] = await made.house.new_group("HAZEL", *names, charter=charter)
        yield made
        assert not [word for word in TROUBLE if word in made.log()]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mira(town: Town) -> Walker:
    """A facilitator who has joined."""
    walker = await Walker.meet(await town.log_in(town.facilitators[0]), town.house.keeper)
    for name in ("ROWAN", "HAZEL"):
        await walker.join(town.groups[name]["code"])
    await walker.member.join(town.groups["HAZEL"]["rooms"]["facilitators"])
    return walker


async def new_code(mira: Walker, wish: str, group: str = "ROWAN") -> str:
    """A code as the facilitator reads it."""
    told = await mira.ask(f"!invite {group} new {wish}", "notice")
    code = next(word for word in told.body.split() if word.startswith(f"{group}-"))
    assert (await mira.hear("notice")).body == f"To scan: {code}"
    return code


async def expire(town: Town, code: str) -> None:
    """Let the time of a code have run out."""
    settings = Settings.load(town.house.folder / "circlekeeper.yaml")
    store = await open_store(settings, SystemClock())
    async with store.begin() as work:
        kept = await work.get(Code, fold_code(code))
        assert kept is not None
        object.__setattr__(kept, "expires", SystemClock().now() - timedelta(hours=1))
        await work.put(kept)
    await store.close()


async def test_codes_are_used_up_expire_and_are_taken_back(town: Town, mira: Walker) -> None:
    spent, expired, revoked = [
        await new_code(mira, wish) for wish in ("1 use", "5 uses 2 days", "--uses 5 --days 14")
    ]
    ada, ben = await town.walker("ada"), await town.walker("ben")
    await ada.join(spent)
    assert (await ben.ask(f"join {expired}")).keeper["step"] == "1/7"
    await ben.ask("stop")
    await expire(town, expired)
    await mira.ask(f"!invite ROWAN revoke {revoked}", "notice")
    none = await ben.ask("join ROWAN-2222", "refusal")
    for code in (spent, expired, revoked, town.groups["ASPEN"]["code"]):
        said = await ben.ask(f"join {code}", "refusal")
        assert said.body == none.body
        assert said.content.keys() == none.content.keys()
        assert said.keeper | {"cause": ""} == none.keeper | {"cause": ""}
    listed = (await mira.ask("!invite ROWAN list", "notice")).body
    assert f"{spent}: 1 of 1" in listed
    assert f"{expired}: 0 of 5" in listed
    assert revoked not in listed


async def test_no_answer_tells_a_wrong_code_from_one_that_opens_nothing(
    town: Town, mira: Walker
) -> None:
    spent, revoked = await new_code(mira, "1 use"), await new_code(mira, "5 uses")
    await (await town.walker("first")).join(spent)
    await mira.ask(f"!invite ROWAN revoke {revoked}", "notice")
    closed = [spent, revoked, town.groups["ASPEN"]["code"], town.groups["ASPEN"]["code"].lower()]
    wrong = ["ROWAN-2222", "ASPEN-2222", "NOBODY-7Q4K", "rowan-9999"]
    took_ms: dict[bool, list[int]] = {True: [], False: []}
    bodies = set()
    for number in range(GUESSERS):
        guesser = await town.walker("guesser")
        await guesser.ask("rules")
        for turn in range(ANSWERS // GUESSERS):
            for is_wrong in (True, False) if (number + turn) % 2 else (False, True):
                guess = (wrong if is_wrong else closed)[turn % 4]
                asked = await guesser.say(f"join {guess}")
                answer = await guesser.hear("refusal")
                lines = {line.event_id: line for line in guesser.member.timeline(guesser.room)}
                took_ms[is_wrong].append(answer.ts - lines[asked].ts)
                bodies.add(answer.body)
        await guesser.member.stop()
    assert len(bodies) == 1
    medians = {kind: statistics.median(times) for kind, times in took_ms.items()}
    assert all(len(times) == ANSWERS for times in took_ms.values())
    print(f"a wrong code: {medians[True]} ms; one that opens nothing: {medians[False]} ms")
    assert abs(medians[True] - medians[False]) <= WITHIN_MS


async def opened(walker: Walker, line: Line) -> bytes:
    """The file of a message, as any member of the room can open it."""
    file = line.content["file"]
    assert "url" not in line.content
    path = file["url"].removeprefix("mxc://")
    url = f"{walker.member.url}/_matrix/client/v1/media/download/{path}"
    headers = {"Authorization": f"Bearer {walker.member.token}"}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        ciphertext = await answer.read()
    return decrypt_attachment(ciphertext, file["key"]["k"], file["hashes"]["sha256"], file["iv"])


async def test_a_code_comes_as_a_picture_and_as_a_card(town: Town, mira: Walker) -> None:
    code = await new_code(mira, "2 uses")
    picture = mira.heard[-1]
    assert picture.content["msgtype"] == "m.image"
    assert (await opened(mira, picture)).startswith(b"\x89PNG")
    card = await mira.ask(f"!invite {code} card", "notice")
    page = (await opened(mira, card)).decode()
    assert page.index(TOKEN) < page.index("Element X") < page.index(f"join {code}")


async def test_the_public_page_shows_a_group_to_whoever_has_its_code(
    town: Town, mira: Walker
) -> None:
    code, spent = await new_code(mira, "2 uses"), await new_code(mira, "1 use")
    await (await town.walker("ada")).join(spent)
    found = await page_of(code)
    assert (found[0], code.encode() in found[1]) == (200, True)
    nowhere = [await page_of(one) for one in (spent, town.groups["ASPEN"]["code"], "ROWAN-2222")]
    assert len(set(nowhere)) == 1
    assert nowhere[0][0] == 404
    assert code.lower() not in town.log().lower()


async def page_of(code: str) -> tuple[int, bytes]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{PUBLIC}/g/{code}") as answer,
    ):
        return answer.status, await answer.read()


async def ask_to_join(ada: Walker, code: str) -> None:
    """Pass the gate up to the first question of the facilitators."""
    line = await ada.ask(f"join {code}")
    tried: dict[str, int] = {}
    while line.keeper.get("step"):
        step = str(line.keeper["step"])
        tried[step] = tried.get(step, -1) + 1
        line = await ada.ask(right(line, tried[step]))
    assert line.body.startswith("That was all I need.")


async def test_facilitators_read_a_quote_that_is_taken_back_when_they_decide(
    town: Town, mira: Walker
) -> None:
    room = town.groups["HAZEL"]["rooms"]["facilitators"]
    code = await new_code(mira, "", "HAZEL")
    ada = await town.walker("ada")
    await ask_to_join(ada, code)
    said, regretted = town.canary(), town.canary()
    await ada.ask(f"it is about {said}", "question")
    event = await ada.say(f"join {regretted} and others")
    await ada.hear("question")
    assert "facilitators decide" in (await ada.ask("skip", "notice")).body
    await ada.member.redact(ada.room, event)
    await mira.member.wait_for_text(room, "number is 1")
    await mira.member.send(room, "!applicants 1")
    quote = await mira.member.wait_for_text(room, "> it is about")
    assert said in quote.body
    assert "> (I cannot read it any more)" in quote.body
    assert "> (left out)" in quote.body
    await mira.member.send(room, "!accept 1")
    await ada.hear("receipt")
    await mira.member.wait_for_text(room, "has said yes to number 1")
    await gone(mira, room, quote.event_id)
    await ada.member.join(town.groups["HAZEL"]["rooms"]["circle"])
    for path in town.house.folder.rglob("*"):
        if path.is_file():
            kept = path.read_bytes()
            assert not [canary for canary in town.canaries if canary.encode() in kept], path


async def gone(mira: Walker, room: str, event_id: str) -> None:
    """Wait until the homeserver has no content of an event any more."""
    path = f"/rooms/{quoted(room)}/event/{quoted(event_id)}"
    for _ in range(100):
        if not (await mira.member.call("GET", path))["content"]:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the quote is still there")


async def test_what_an_administrator_forces_open_is_closed_again(town: Town, mira: Walker) -> None:
    """An administrator makes themself the room's owner, and puts somebody in by force."""
    group, synapse = town.groups["ROWAN"], town.house.synapse
    circle = group["rooms"]["circle"]
    eve = await town.member("eve")
    token = await synapse.admin_token()
    with pytest.raises(SynapseError):
        await synapse.join_by_admin(circle, eve.user_id)  # nobody but the steward can invite
    admin = (await synapse.request("GET", WHO_AM_I, token=token))[1]["user_id"]
    await mira.member.join(circle)
    seize = f"/_synapse/admin/v1/rooms/{quoted(circle)}/make_room_admin"
    enter = f"/_matrix/client/v3/join/{quoted(circle)}"
    with town.nobody_listening():
        for path, body in ((seize, {"user_id": admin}), (enter, {})):
            status, told = await synapse.request("POST", path, token=token, body=body)
            assert status == 200, told
        await synapse.join_by_admin(circle, eve.user_id)
        assert (await mira.member.members(circle))[eve.user_id] == "join"
    for _ in range(200):
        members = await mira.member.members(circle)
        inside = {user for user, how in members.items() if how in {"join", "invite"}}
        powers = await mira.member.state(circle, "m.room.power_levels")
        if not {admin, eve.user_id} & inside and admin not in powers["users"]:
            break
        await asyncio.sleep(0.1)
    else:
        raise AssertionError(f"still inside: {inside}; powers: {powers['users']}")
    await mira.member.join(group["rooms"]["facilitators"])
