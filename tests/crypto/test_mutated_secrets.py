"""What is nearly right of files, secrets, recovery keys, signed JSON and verifications."""

from canonicaljson import encode_canonical_json
from hypothesis import example, given
from hypothesis import strategies as st

from appservice import crypto
from appservice.crypto import BadFile, BadRecoveryKey, BadSecret, CryptoError, Rotation, fields
from appservice.crypto.recovery_key import _ALPHABET
from appservice.crypto.signatures import public_of, seed_signer
from tests.crypto.mutations import calm, mutated, rubbish
from tests.crypto.test_sas import ADA, REQUEST, START, Asker

KEY, OTHER = bytes(range(32)), bytes(32)
CIPHERTEXT, FILE = crypto.encrypt_file(b"a calendar")
FILE = {**FILE, "url": "mxc://hs/file"}
SECRET = crypto.seal_secret(KEY, "id", "m.cross_signing.master", "the secret", bytes(16))
DESCRIBED = crypto.describe_key(KEY, bytes(16))
SIGNED = crypto.sign_json({"a": {"b": [1, "x"]}, "c": 1}, "@a:hs", "K", seed_signer(KEY))
PERIOD = {"algorithm": "m.megolm.v1.aes-sha2", "rotation_period_ms": 10, "rotation_period_msgs": 5}
TYPED = crypto.encode_recovery_key(KEY)


@calm
@given(mutated(FILE), st.sampled_from([CIPHERTEXT, b"", b"other"]))
def test_files(file, ciphertext):
    try:
        octets = crypto.decrypt_file(ciphertext, file)
    except BadFile:
        return
    # without key and counter nobody gets as far as this; the digest vouches for the ciphertext
    assert ciphertext == CIPHERTEXT
    same = all(file[name] == FILE[name] for name in ("iv", "key"))
    assert (octets == b"a calendar") or not same


@calm
@given(mutated(SECRET))
def test_secrets(content):
    try:
        found = crypto.open_secret(KEY, "id", "m.cross_signing.master", content)
    except BadSecret:
        return
    # the code is of the ciphertext alone (spec), so another counter is not noticed
    same_counter = content["encrypted"]["id"]["iv"] == SECRET["encrypted"]["id"]["iv"]
    assert found == "the secret" or not same_counter


@calm
@given(mutated(DESCRIBED))
def test_descriptions_of_keys(description):
    unchecked = isinstance(description, dict) and not {"iv", "mac"} & {
        name for name, value in description.items() if fields.text(value) is not None
    }
    assert unchecked or not crypto.is_storage_key(OTHER, description)


@calm
@given(mutated(SIGNED))
def test_signed_json(value):
    try:
        crypto.verify_json(value, "@a:hs", "K", public_of(KEY))
    except CryptoError:
        return
    assert {name: value[name] for name in ("a", "c")} == {"a": SIGNED["a"], "c": 1}


@calm
@given(rubbish | mutated(SIGNED))
def test_whatever_is_canonical_is_so_to_others_too(value):
    try:
        octets = crypto.canonical_json(value)
    except CryptoError:
        return
    assert octets == encode_canonical_json(value)


@calm
@given(mutated(PERIOD))
def test_rotation(content):
    rotation = Rotation.of(content)
    assert 1 <= rotation.messages <= 10_000
    assert rotation.age_ms >= 3_600_000


@st.composite
def mistyped(draw):
    """A recovery key with one or two characters wrong, missing, doubled or moved."""
    letters = list(TYPED)
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(letters) - 1))
        letters[at : at + 1] = draw(
            st.sampled_from([[], [letters[at]] * 2, letters[at : at + 2][::-1]])
            | st.lists(st.sampled_from([*_ALPHABET, "0", "O", "\ud800", "é"]), max_size=2)
        )
    return "".join(letters)


@calm
@given(mistyped() | st.text(_ALPHABET))
@example("1" * 300_000)
@example("z" * 300_000)
def test_recovery_keys(key):
    """A slip is noticed, but for one in 256, and no key has two spellings."""
    try:
        secret = crypto.decode_recovery_key(key)
    except BadRecoveryKey:
        return
    assert crypto.encode_recovery_key(secret).replace(" ", "") == "".join(key.split())


@calm
@given(mutated(REQUEST), mutated(START), st.text().map(lambda key: {"key": key}) | rubbish)
def test_verifications_up_to_the_emoji(request, start, key):
    """A first message that is nearly right, then a good one and a second such, and so on."""
    for messages in ([request], [REQUEST, start], [REQUEST, START, key]):
        ada = Asker()
        for name, content in zip(("request", "start", "key"), messages, strict=False):
            if isinstance(content, dict):
                for step in ada.tells(name, content):
                    crypto.canonical_json(step.content)


@calm
@given(st.data())
def test_verifications_by_a_wrong_code(data):
    ada = Asker()
    ada.up_to_the_emoji()
    content = data.draw(mutated(ada.own_mac()))
    if isinstance(content, dict):
        for step in ada.tells("mac", content):
            crypto.canonical_json(step.content)
    assert ada.keeper.proven in ({}, ADA.keys)
