"""Contents of the events and requests that scripted members send, named as in the spec."""

from typing import Any

MEGOLM = "m.megolm.v1.aes-sha2"
Json = dict[str, Any]


def text(body: str) -> Json:
    """A plain ``m.text`` message."""
    return {"msgtype": "m.text", "body": body}


def edited(event_id: str, body: str) -> Json:
    """A replacement of an earlier text (spec: Event replacements)."""
    return {
        "msgtype": "m.text",
        "body": f"* {body}",
        "m.new_content": text(body),
        "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
    }


def reply(event_id: str, body: str) -> Json:
    """A text that replies to an event (spec: Rich replies)."""
    return text(body) | {"m.relates_to": {"m.in_reply_to": {"event_id": event_id}}}


def reaction(event_id: str, key: str) -> Json:
    """An ``m.reaction``; clients send it unencrypted even in encrypted rooms."""
    return {"m.relates_to": {"rel_type": "m.annotation", "event_id": event_id, "key": key}}


def picture() -> Json:
    """An encrypted picture as a client would announce it; the file itself was never uploaded."""
    key = {"kty": "oct", "key_ops": ["encrypt", "decrypt"], "alg": "A256CTR", "ext": True}
    file = {
        "v": "v2",
        "url": "mxc://circle.test/aPictureNobodyUploaded",
        "iv": "AAAAAAAAAAAAAAAAAAAAAA",
        "hashes": {"sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"},
        "key": key | {"k": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    }
    info = {"mimetype": "image/png", "size": 1234, "w": 16, "h": 16}
    return {"msgtype": "m.image", "body": "picture.png", "info": info, "file": file}


def vote(poll_event: str, *answers: str, naming: str) -> tuple[str, Json]:
    """Type and content of a poll response, in ``unstable`` (MSC3381) or ``stable`` naming."""
    relation = {"m.relates_to": {"rel_type": "m.reference", "event_id": poll_event}}
    if naming == "stable":
        return "m.poll.response", relation | {"m.selections": list(answers)}
    inner = {"answers": list(answers)}
    return (
        "org.matrix.msc3381.poll.response",
        relation | {"org.matrix.msc3381.poll.response": inner},
    )


def chat(
    invited: str, *, encrypted: bool = True, preset: str | None = None, power: Json | None = None
) -> Json:
    """The createRoom request of a one-to-one chat as clients make it."""
    body: Json = {
        "preset": preset or "private_chat",
        "is_direct": True,
        "invite": [invited],
        "initial_state": [],
    }
    if encrypted:
        state = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": MEGOLM}}
        body["initial_state"].append(state)
    if power is not None:
        body["power_level_content_override"] = power
    return body
