"""The operator's road on a real Synapse: init, check, run, group new, check, stop."""

import asyncio
import json

import pytest

from tests.cli.conftest import HERE
from tests.support.installation import Installation

STANDARD = HERE / "config" / "examples" / "standard.yaml"


@pytest.fixture
async def installation(make_synapse, tmp_path):
    """A set-up that nothing runs of yet: neither the homeserver nor we."""
    installed = Installation(make_synapse(), tmp_path / "circlekeeper")
    await installed.init({})
    yield installed
    await installed.kill()


async def start_synapse(installed: Installation) -> None:
    installed.synapse.add_appservice(installed.folder / "registration.yaml")
    await installed.synapse.start()


async def statuses(installed: Installation, code: int) -> dict[str, str]:
    checks = json.loads(await installed.command("check", "--json", code=code))
    return {one["name"]: one["status"] for one in checks}


async def test_from_init_to_a_group(installation):
    await start_synapse(installation)
    before = await statuses(installation, 0)
    assert before["token"] == before["registration"] == "ok"
    assert before["transactions"] == before["run"] == before["database"] == "warn"

    await installation.run()
    users = [f"@{name}:{installation.synapse.server_name}" for name in ("ada", "ben")]
    group = await installation.new_group("WILLOW", *users, charter=STANDARD)
    assert set(group["rooms"]) == {"circle", "noticeboard", "facilitators"}
    assert group["stage"] == "open"

    shown = json.loads(await installation.command("group", "show", "willow", "--json"))
    assert shown["codes"] == [group["code"]]
    assert shown["rooms"] == group["rooms"]
    assert shown["facilitators"] == users
    listed = json.loads(await installation.command("group", "list", "--json"))
    assert [one["group"] for one in listed] == [group["group"]]
    assert json.loads(await installation.command("parked", "list", "--json")) == []

    after = await statuses(installation, 0)
    wrong = {name: status for name, status in after.items() if status != "ok"}
    assert wrong == {}
    assert sum(name.startswith("room WILLOW") for name in after) == 3

    await installation.stop()
    log = installation.log.read_text()
    assert '"event": "ready"' in log
    assert '"event": "stopped"' in log
    assert "Traceback" not in log
    for id_ in (*users, *group["rooms"].values(), group["code"], installation.keeper):
        assert id_ not in log


async def test_a_name_that_a_person_has_is_refused(installation):
    await installation.synapse.start()
    taken = await installation.synapse.register_user("steward")
    await installation.synapse.stop()
    await start_synapse(installation)
    found = await statuses(installation, 1)
    assert found[f"name {taken.user_id}"] == "fail"
    installation.launch()
    assert await asyncio.to_thread(installation._process.wait, 60) == 1
    log = installation.log.read_text()
    assert "belongs to somebody already" in log
    assert "Traceback" not in log
