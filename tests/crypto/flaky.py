"""A homeserver that loses things, and how a device mends what came of it."""

from functools import cache

from appservice import crypto
from tests.crypto.world import Party, Server

USERS = ["@ada:hs", "@ben:hs"]


class Flaky(Server):
    """A homeserver of which an answer may get lost on its way, with the keys that were in it."""

    losing = False

    def claim(self, body):
        answer = super().claim(body)
        if not self.losing:
            return answer
        self.losing = False
        return {"one_time_keys": {}, "failures": {}}


@cache
def beginning():
    """A homeserver, and one device each of Ada and Ben, who know each other."""
    server = Flaky()
    devices = [Party(server, user) for user in USERS]
    for device in devices:
        device.follow(*devices)
    return server, devices


def mend(device, pairs):
    """As the adapter does it: begin anew with these devices, and show them by an m.dummy."""
    need = crypto.need_unwedge(device.machine, pairs)
    with device.vault(need) as vault:
        claim = crypto.unwedge_claim(vault, pairs, device.now)
    if claim is not None:
        answer = device.server.claim(claim)
        with device.vault(need) as vault:
            dummies = crypto.unwedge(device.machine, vault, answer, claim, device.now)
        device.server.send(device.user, dummies)


def bodies(batches):
    """The Olm ciphertexts in batches of to-device messages."""
    for batch in (one for one in batches if one.event_type == "m.room.encrypted"):
        for by_device in batch.messages.values():
            for content in by_device.values():
                yield from bodies_in(content)


def bodies_in(content):
    return (message["body"] for message in content["ciphertext"].values())
