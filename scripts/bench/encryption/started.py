"""What is started: opens the database, encrypts a message, decrypts another, tells its memory.

python -m scripts.bench.encryption.started FOLDER
"""

import asyncio
import json
import sys
from pathlib import Path

import psutil

from scripts.bench.encryption.ours import Ours


async def _work(ours: Ours) -> None:
    await ours.open("used")
    await ours.say_in_room()
    await ours.read()
    print(psutil.Process().memory_info().rss, flush=True)
    await ours.store.close()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    asyncio.run(_work(Ours(folder, json.loads((folder / "world").read_text("utf-8")))))
