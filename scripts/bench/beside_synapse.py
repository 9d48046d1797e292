"""A real Synapse: from the start of `run` to a join, an answer to `help`, and the memory of it."""

import time
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median, quantiles

from scripts.bench.installed import Watched
from scripts.bench.table import Part, Row, step, synapse_version
from tests.support.nio_member import NioMember
from tests.support.synapse import Synapse, synapse_python
from tests.support.walker import Walker

JOINS = 5
HELPS = 40


async def measure(folder: Path) -> Part:
    """Install, start, let people join, ask for help."""
    async with AsyncExitStack() as stack:
        step("real Synapse: installing")
        synapse = Synapse(folder / "synapse")
        stack.push_async_callback(synapse.stop)
        house = Watched(synapse, folder / "circlekeeper")
        stack.push_async_callback(house.stop)
        await house.init({})
        synapse.add_appservice(house.folder / "registration.yaml")
        await synapse.start()
        rows = await _starts(house)
        rows += await _joins(house, stack)
        rows.append(Row("memory of `run`", f"{house.memory():.0f} MiB", "resident, at the end"))
    version = synapse_version(synapse_python())
    about = (
        f"Synapse {version} with SQLite in one process, Circlekeeper with SQLite, members with"
        " matrix-nio, all on one machine. The member answers at once, as no person does."
    )
    return Part("Beside a real Synapse", about, tuple(rows))


async def _starts(house: Watched) -> list[Row]:
    step("real Synapse: the first start of run")
    first = await _until_ready(house)
    await house.stop()
    step("real Synapse: starting again")
    again = await _until_ready(house)
    how = "from the start of the process to `/ready`; looked at every 50 ms"
    return [
        Row("first start", f"{first:.1f} s", f"{how}; tables, users, keys are made"),
        Row("later start", f"{again:.1f} s", how),
    ]


async def _until_ready(house: Watched) -> float:
    began = time.perf_counter()
    await house.run()
    return time.perf_counter() - began


async def _joins(house: Watched, stack: AsyncExitStack) -> list[Row]:
    server = house.synapse.server_name
    group = await house.new_group("WILLOW", f"@mira:{server}", f"@jonas:{server}")
    calls: list[float] = []
    seconds: list[float] = []
    for number in range(1, JOINS + 1):
        step(f"real Synapse: join {number} of {JOINS}")
        walker = await _enter(house, f"member-{number}", stack)
        before, began = house.counters.read(), time.perf_counter()
        await walker.join(group["code"])
        seconds.append(time.perf_counter() - began)
        calls.append((house.counters.read() - before).requests)
    step(f"real Synapse: help, {HELPS} times")
    helps = [await _help(walker) for _ in range(HELPS)]
    return [
        Row(
            "a join",
            f"{median(seconds):.1f} s",
            f"from `join CODE` to the receipt, seven messages; median of {JOINS}",
        ),
        Row(
            "homeserver calls for a join",
            f"{median(calls):.0f}",
            "all that `run` asked meanwhile, background looks included; median",
        ),
        Row(
            "`help`",
            f"{median(helps) * 1000:.0f} ms",
            f"from sending to the answer decrypted in the member's client; median of {HELPS},"
            f" 95 of 100 within {quantiles(helps, n=20)[-1] * 1000:.0f} ms,"
            f" slowest {max(helps) * 1000:.0f} ms",
        ),
    ]


async def _enter(house: Watched, name: str, stack: AsyncExitStack) -> Walker:
    account = await house.synapse.register_user(name)
    member = await NioMember.login(house.synapse.url, account.user_id, account.password)
    stack.push_async_callback(member.stop)
    return await Walker.meet(member, house.keeper)


async def _help(walker: Walker) -> float:
    began = time.perf_counter()
    await walker.ask("help", "help")
    return time.perf_counter() - began
