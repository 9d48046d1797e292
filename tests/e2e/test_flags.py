"""A flag on a real Synapse: its reporter reads what goes, and the words stand nowhere else."""

import secrets

import pytest

from tests.e2e.conftest import Enter, EnterNio
from tests.support.installation import Installation
from tests.support.opened import found_in, plaintexts
from tests.support.synapse import ROOT
from tests.support.walker import Walker

pytestmark = [pytest.mark.synapse, pytest.mark.interop]
CHARTER = ROOT / "config" / "examples" / "standard.yaml"


def where(house: Installation, word: str) -> list[str]:
    """In which of our files a word stands, byte by byte and with every sealed value opened."""
    files = [path for path in house.folder.iterdir() if path.is_file()]
    found = {path.name: found_in(path.read_bytes(), word) for path in files}
    opened = plaintexts(house.folder / "circlekeeper.db", house.folder / "circlekeeper.keys")
    found["opened"] = found_in(b"\n".join(opened), word)
    return [name for name, marks in found.items() if marks]


async def test_a_flag_is_shown_to_its_reporter_and_kept_as_places_only(
    house: Installation, enter: Enter, enter_nio: EnterNio
) -> None:
    server = house.synapse.server_name
    named = [f"@{one}:{server}" for one in ("mira", "jonas")]
    group = await house.new_group("WILLOW", *named, charter=CHARTER)
    circle = group["rooms"]["circle"]
    ada = await Walker.meet(await enter("ada"), house.keeper)
    others = [await Walker.meet(await enter_nio(one), house.keeper) for one in ("mira", "zoe")]
    for walker in (ada, *others):
        await walker.join(group["code"])
        await walker.member.join(circle)

    canary, taken_back = (f"kanari{secrets.token_hex(6)}" for _ in range(2))
    first = await ada.ask("flag", "flag_track")
    assert first.keeper["step"] == "1/5"
    await ada.ask("2", "flag_urgent")
    await ada.ask("no", "flag_track")
    await ada.ask("1", "flag_disclosure")
    await ada.ask("2", "flag_disclosure")
    await ada.say(f"She wrote {canary}")
    await ada.member.send_image(ada.room)
    redacted = await ada.say(f"https://matrix.to/#/{circle}/$abc {taken_back}")
    shown = [await ada.hear("flag_preview") for _ in range(4)]
    assert [line.body.rpartition("> ")[2] for line in shown[:2]] == [
        f"She wrote {canary}",
        "(a picture)",
    ]
    assert "one facilitator" in shown[3].body
    assert [choice["id"] for choice in shown[3].keeper["choices"]] == ["yes", "change", "stop"]

    await ada.member.redact(ada.room, redacted)
    await ada.ask("continue", "flag_preview")
    again = [await ada.hear("flag_preview") for _ in range(3)]
    assert again[1].body.endswith("(taken back, or I cannot read it any more)")
    receipt = await ada.ask("1", "flag_receipt")
    assert receipt.keeper["case"] == "C-1"
    assert "C-1" in (await ada.ask("my flags", "flag_update")).body

    await others[1].hear_nothing_more()
    for walker in others:
        for room in walker.member.rooms():
            for line in walker.member.timeline(room):
                assert canary not in line.body
                assert not (line.kind or "").startswith("flag")
    assert where(house, canary) == where(house, taken_back) == []
