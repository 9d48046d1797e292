"""`forget me` on a real Synapse: afterwards no byte of ours tells that somebody was ever here."""

import asyncio
import json
import secrets
import time
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from nio.crypto.attachments import decrypt_attachment

from tests.e2e.conftest import Begin, Enter, EnterNio
from tests.support.installation import Installation
from tests.support.member import Line
from tests.support.opened import found_in, hashes_of, plaintexts
from tests.support.synapse import ROOT
from tests.support.walker import Walker

pytestmark = [pytest.mark.synapse, pytest.mark.interop]
CHARTER = ROOT / "config" / "examples" / "standard.yaml"
WITHIN = 90  # seconds until the database's own log is emptied too


@pytest_asyncio.fixture
async def house(begin: Begin) -> Installation:
    """One that does not wait long for a key that will not come."""
    return await begin(settings={"limits": {"late_key_seconds": 4}})


async def copied(house: Installation, target: Path) -> Path:
    """A backup, as operators make it."""
    process = await asyncio.create_subprocess_exec(
        str(ROOT / "deploy" / "backup.sh"), "database", str(house.folder), str(target),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0
    return Path(out.decode().strip())


def seen(house: Installation, backup: Path | None, *wanted: str | bytes) -> dict[str, list[bytes]]:
    """In which of our files what stands, byte by byte and with every sealed value opened."""
    keys = house.folder / "circlekeeper.keys"
    files = [path for path in house.folder.iterdir() if path.is_file()]
    databases = [house.folder / "circlekeeper.db"]
    if backup is not None:
        files.append(backup)
        databases.append(backup)
    found = {path.name: found_in(path.read_bytes(), *wanted) for path in files}
    for path in databases:
        found[f"{path.name}, opened"] = found_in(b"\n".join(plaintexts(path, keys)), *wanted)
    return {name: marks for name, marks in found.items() if marks}


async def test_no_byte_of_theirs_is_left(
    house: Installation, enter: Enter, enter_nio: EnterNio, tmp_path: Path
) -> None:
    name, shown, words = (f"kanari{secrets.token_hex(6)}" for _ in range(3))
    server = house.synapse.server_name
    facilitators = [f"@{one}:{server}" for one in ("mira", "jonas")]
    group = await house.new_group("WILLOW", *facilitators, charter=CHARTER)
    circle = group["rooms"]["circle"]
    mira = await Walker.meet(await enter_nio("mira"), house.keeper)
    await mira.join(group["code"])
    for room in group["rooms"].values():
        await mira.member.join(room)

    kana = await Walker.meet(await enter(name), house.keeper)
    await kana.member.call(
        "PUT", f"/profile/{kana.member.user_id}/displayname", {"displayname": shown}
    )
    await kana.join(group["code"])
    for what in ("circle", "noticeboard"):
        await kana.member.join(group["rooms"][what])
    await kana.member.send(circle, f"hello, {words}")
    await kana.ask(words, "program")
    await kana.ask("contact", "flag_receipt")
    await kana.ask("language en", "notice")
    marks = (name, shown, words)
    hashes = hashes_of(kana.member.user_id, house.folder / "circlekeeper.keys")
    before = seen(house, None, *marks, *hashes)
    assert set(before) > {"circlekeeper.db, opened"}  # who looks finds them before
    assert len(found_in(b"".join(before["circlekeeper.db, opened"]), name)) == 1

    # they can have all of it first, as a file that only they can open
    await kana.ask("my data", "export")
    about = json.loads(await opened_file(house, kana, await kana.hear("export")))
    assert {record["kind"] for record in about["records"]} == {"person", "room", "consent"}
    assert about["agreements"][0]["statement"] == "I agree to the rules"
    assert about["keys"]["devices"] == [kana.member.device_id]

    await kana.ask("forget me", "notice")
    began = time.monotonic()
    told = await kana.ask("yes", "erased")
    assert "WILLOW" in told.body
    await kana.member.wait_for_member(kana.room, house.keeper, membership="leave")
    assert await membership(house, circle, kana.member.user_id) == "leave"
    assert time.monotonic() - began < 60

    while left := seen(house, None, *marks, *hashes):
        assert time.monotonic() - began < WITHIN, left
        await asyncio.sleep(1)
    assert seen(house, await copied(house, tmp_path / "copies"), *marks, *hashes) == {}
    assert "FAIL" not in await house.command("consent", "verify")
    assert "parked" not in house.log.read_text()

    # the others go on; whoever comes back is new, and their device's key too
    assert await mira.ask("groups", "notice")
    again = await Walker.meet(kana.member, house.keeper)
    first = await again.ask("hello", "say_again")
    assert first.keeper["parts"][0] == "program"
    await again.join(group["code"])

    # on the operator's word it is the same
    user = kana.member.user_id
    about = json.loads(await house.command("member", "export", user, "--json"))
    assert about["keys"]["devices"] == [kana.member.device_id]
    await house.command("member", "erase", user, "--yes")
    assert (await again.hear("erased")).body.startswith("The people who run this server")
    began = time.monotonic()
    while left := seen(house, None, *marks, *hashes):
        assert time.monotonic() - began < WITHIN, left
        await asyncio.sleep(1)
    assert await house.command("member", "export", user, code=1) == ""


async def opened_file(house: Installation, walker: Walker, line: Line) -> bytes:
    """A file that the keeper sent, fetched and decrypted as a client does."""
    assert (line.encrypted, line.content["msgtype"]) == (True, "m.file")
    file = line.content["file"]
    where = file["url"].removeprefix("mxc://")
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            f"{house.synapse.url}/_matrix/client/v1/media/download/{where}",
            headers={"Authorization": f"Bearer {walker.member.token}"},
        ) as answer,
    ):
        ciphertext = await answer.read()
    assert b"person" not in ciphertext
    return decrypt_attachment(ciphertext, file["key"]["k"], file["hashes"]["sha256"], file["iv"])


async def membership(house: Installation, room: str, user: str) -> str:
    answer = await house.as_service(
        "GET", f"/rooms/{room}/state/m.room.member/{user}", house.steward
    )
    return str(answer["membership"])
