"""A milestone and a link on a real homeserver: said where they belong, and kept nowhere."""

import pytest

from tests.e2e.conftest import EnterNio
from tests.support.installation import Installation
from tests.support.synapse import ROOT
from tests.support.walker import Walker

pytestmark = pytest.mark.synapse
STANDARD = ROOT / "config" / "examples" / "standard.yaml"
CANARIES = ("kanarimilestone", "kanarilink")


async def test_what_members_bring_reaches_the_others_and_no_disk(
    house: Installation, enter_nio: EnterNio
) -> None:
    mira, ada = await enter_nio("mira"), await enter_nio("ada")
    jonas = f"@jonas:{house.synapse.server_name}"
    group = await house.new_group("Rowan", mira.user_id, jonas, charter=STANDARD)
    walkers = [await Walker.meet(member, house.keeper) for member in (mira, ada)]
    for walker in walkers:
        await walker.join(group["code"])
    leading, asking = walkers
    board, team = group["rooms"]["noticeboard"], group["rooms"]["facilitators"]
    for room in (board, team):
        await mira.join(room)
    await ada.join(board)

    await asking.say(f"milestone One {CANARIES[0]} year")
    preview = await asking.hear("notice")
    assert f"> One {CANARIES[0]} year" in preview.body
    await asking.hear("question")
    await asking.ask("yes", "notice")
    said = await mira.wait_for_text(board, CANARIES[0])
    assert said.encrypted
    assert f"{ada.user_id} would like to share this:\n> One {CANARIES[0]} year" in said.body

    await asking.ask(f"suggest {CANARIES[1]} | https://www.example.org/sleep/", "notice")
    told = await mira.wait_for_text(team, CANARIES[1])
    assert ada.user_id not in told.body
    await mira.send(team, "!resource approve 1")
    assert "on the shelf of Rowan" in (await asking.hear("notice")).body
    shelf = await leading.ask("resources", "notice")
    assert "https://www.example.org/sleep/" in shelf.body

    await mira.send(team, "!theme use 3")
    assert "Rest" in (await ada.wait_for_text(board, "A theme for Rowan")).body
    await leading.ask("buddy volunteer", "notice")
    await asking.ask("buddy on", "notice")
    for path in house.folder.rglob("*"):
        if path.is_file():
            kept = path.read_bytes()
            assert not [word for word in CANARIES if word.encode() in kept], path
    assert "Traceback" not in house.log.read_text()
