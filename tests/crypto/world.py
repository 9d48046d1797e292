"""A homeserver made of dicts, and parties whose machines talk through it."""

import copy
from contextlib import contextmanager

from appservice import crypto
from appservice.crypto import Audience, Machine, Need, Vault

ROOM = "!room"
HOUR = 3_600_000


class Server:
    """Keeps keys and to-device messages as the specification has it."""

    def __init__(self):
        self.devices = {}
        self.one_time = {}
        self.fallback = {}
        self.identities = {}
        self.inbox = {}
        self.events = 0

    def keys_upload(self, user, device, body):
        if "device_keys" in body:
            self.devices.setdefault(user, {})[device] = copy.deepcopy(body["device_keys"])
        self.one_time.setdefault((user, device), {}).update(body.get("one_time_keys", {}))
        self.fallback.setdefault((user, device), {}).update(body.get("fallback_keys", {}))

    def device_signing_upload(self, user, body):
        self.identities[user] = copy.deepcopy(body)

    def signatures_upload(self, body):
        for user, signed in body.items():
            for device, keys in signed.items():
                mine = self.devices[user][device]["signatures"][user]
                mine.update(keys["signatures"][user])

    def query(self, body):
        answer = {"device_keys": {}, "master_keys": {}, "self_signing_keys": {}, "failures": {}}
        for user in body["device_keys"]:
            answer["device_keys"][user] = self.devices.get(user, {})
            if user in self.identities:
                answer["master_keys"][user] = self.identities[user]["master_key"]
                answer["self_signing_keys"][user] = self.identities[user]["self_signing_key"]
        return copy.deepcopy(answer)

    def claim(self, body):
        found = {}
        for user, asked in body["one_time_keys"].items():
            for device in asked:
                keys = self.one_time.get((user, device), {})
                if keys:
                    name = next(iter(keys))
                    key = {name: keys.pop(name)}
                else:
                    key = self.fallback.get((user, device), {})
                if key:
                    found.setdefault(user, {})[device] = key
        return copy.deepcopy({"one_time_keys": found, "failures": {}})

    def send(self, sender, batches):
        for batch in batches:
            for user, by_device in batch.messages.items():
                for device, content in by_device.items():
                    event = {"type": batch.event_type, "sender": sender, "content": content}
                    self.inbox.setdefault((user, device), []).append(copy.deepcopy(event))

    def counts(self, user, device):
        return {"signed_curve25519": len(self.one_time.get((user, device), {}))}


class Party:
    """A user with one device; every step loads a new vault from a dict and saves into it."""

    def __init__(self, server, user, device="DEVICE", *, signed=True):
        self.server = server
        self.machine = Machine(user, device, b"k" * 32)
        self.records = {}
        self.now = 1_700_000_000_000
        with self.vault(crypto.need_identity(self.machine)) as vault:
            crypto.create_account(self.machine, vault)
        self.upload(None, None)
        if signed:
            self.sign()

    @property
    def user(self):
        return self.machine.user_id

    @contextmanager
    def vault(self, need: Need):
        covered = {key: value for key, value in self.records.items() if need.covers(key)}
        vault = Vault(covered, need)
        yield vault
        for key, value in vault.changes().items():
            if value is None:
                self.records.pop(key, None)
            else:
                self.records[key] = value

    def sign(self):
        with self.vault(crypto.need_identity(self.machine)) as vault:
            identity = crypto.create_identity(self.machine, vault)
            body = crypto.sign_own_device(self.machine, vault)
        self.server.device_signing_upload(self.user, identity.upload)
        self.server.signatures_upload(body)

    def upload(self, counts, unused):
        with self.vault(crypto.need_account(self.machine)) as vault:
            body = crypto.keys_upload_body(self.machine, vault, counts, unused, self.now)
        if body is not None:
            self.server.keys_upload(self.user, self.machine.device_id, body)
            with self.vault(crypto.need_account(self.machine)) as vault:
                crypto.keys_uploaded(self.machine, vault)
        return body

    def follow(self, *parties):
        users = [getattr(party, "user", party) for party in parties]
        with self.vault(crypto.need_tracking(users)) as vault:
            crypto.track(vault, users)
            crypto.mark_outdated(vault, users)
            query = crypto.keys_query(vault, users)
        response = self.server.query(query.body)
        return self.take_query(response, query)

    def take_query(self, response, query):
        with self.vault(crypto.need_keys_query(query)) as vault:
            return crypto.receive_keys_query(vault, response, query, self.now)

    def claim_for(self, claim):
        response = self.server.claim(claim)
        with self.vault(crypto.need_claim(self.machine, claim)) as vault:
            return crypto.receive_claim(self.machine, vault, response, claim, self.now)

    def prepare(self, users, audience=Audience.SIGNED, rotation=None):
        need = crypto.need_sharing(self.machine, ROOM, audience, users)
        with self.vault(need) as vault:
            return crypto.prepare_sharing(
                self.machine, vault, ROOM, audience, users, self.now, rotation
            )

    def share(self, users, audience=Audience.SIGNED, rotation=None):
        """The whole way to a shared key; gives the to-device batches that were sent."""
        sharing = self.prepare(users, audience, rotation)
        for claim in sharing.claims:
            self.claim_for(claim)
        with self.vault(crypto.need_sharing(self.machine, ROOM, audience, users)) as vault:
            sharing = crypto.prepare_sharing(
                self.machine, vault, ROOM, audience, users, self.now, rotation
            )
            batches = crypto.share(self.machine, vault, sharing, self.now)
        self.server.send(self.user, batches)
        return batches

    def encrypt(self, words, audience=Audience.SIGNED, **more):
        content = {"msgtype": "m.text", "body": words, **more}
        with self.vault(crypto.need_encrypt(self.machine, ROOM, audience)) as vault:
            sealed = crypto.encrypt(self.machine, vault, ROOM, audience, "m.room.message", content)
        return self.event(sealed)

    def event(self, sealed):
        self.server.events += 1
        return {
            "type": "m.room.encrypted",
            "sender": self.user,
            "event_id": f"${self.server.events}",
            "origin_server_ts": self.now + self.server.events,
            "room_id": ROOM,
            "content": sealed,
        }

    def say(self, words, users, audience=Audience.SIGNED, rotation=None):
        self.share(users, audience, rotation)
        return self.encrypt(words, audience)

    def sync(self):
        events = self.server.inbox.pop((self.user, self.machine.device_id), [])
        return self.receive(events)

    def receive(self, events):
        with self.vault(crypto.need_to_device(self.machine, events)) as vault:
            return crypto.receive_to_device(self.machine, vault, events, self.now)

    def read(self, event, room=ROOM):
        parsed = crypto.room_event(room, event)
        with self.vault(crypto.need_room_events([parsed])) as vault:
            return crypto.decrypt_room_event(self.machine, vault, parsed)

    def hear(self, event):
        self.sync()
        return self.read(event).content["body"]


def pair(**options):
    """Ada and Ben, who follow each other's lists."""
    server = Server()
    ada, ben = Party(server, "@ada:hs"), Party(server, "@ben:hs", **options)
    ada.follow(ada, ben)
    ben.follow(ada, ben)
    return ada, ben
