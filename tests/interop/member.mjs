// Element's crypto (matrix-js-sdk) driven by JSON lines: requests {id, method, params} come in,
// {id, result} or {id, error} and {event, client, ...} go out. One process holds many clients.

import { createInterface } from "node:readline";

// Node 20 lacks it; matrix-js-sdk asks for Node 22.
Promise.withResolvers ??= function () {
    let resolve, reject;
    const promise = new this((yes, no) => ([resolve, reject] = [yes, no]));
    return { promise, resolve, reject };
};

// stdout belongs to the protocol.
for (const level of ["debug", "info", "log", "trace", "warn"]) console[level] = () => {};
process.on("unhandledRejection", (reason) => console.error("unhandled rejection:", reason));

const sdk = await import("matrix-js-sdk");
const crypto = await import("matrix-js-sdk/lib/crypto-api/index.js");
const { PollResponseEvent } = await import(
    "matrix-js-sdk/lib/extensible_events_v1/PollResponseEvent.js"
);
const { ServerSideSecretStorageImpl } = await import("matrix-js-sdk/lib/secret-storage.js");
const { logger } = await import("matrix-js-sdk/lib/logger.js");
logger.setLevel("silent");

const clients = new Map();
const verifications = new Map(); // by client, the newest
const Phase = crypto.VerificationPhase;

function write(message) {
    process.stdout.write(JSON.stringify(message) + "\n");
}

const methods = {
    async login({ client: name, url, user, password, crossSign, isolation, device }) {
        const login = await passwordLogin(url, user, password, device);
        const client = sdk.createClient({
            baseUrl: url,
            userId: login.user_id,
            deviceId: login.device_id,
            accessToken: login.access_token,
        });
        await client.initRustCrypto({ useIndexedDB: false });
        setIsolation(client, isolation);
        tellNews(name, client);
        const prepared = Promise.withResolvers();
        client.on(sdk.ClientEvent.Sync, (state) => {
            if (state === "PREPARED" || state === "SYNCING") prepared.resolve();
            if (state === "RECONNECTING" || state === "ERROR") hurry(client);
        });
        clients.set(name, client);
        await client.startClient({
            initialSyncLimit: 500,
            lazyLoadMembers: false,
            disablePresence: true,
        });
        await prepared.promise;
        if (crossSign) await newIdentity(client, password, false);
        return { user: login.user_id, device: login.device_id, token: login.access_token };
    },

    async send({ client, room, type, content }) {
        const answer = await of(client).sendEvent(room, type, content);
        return answer.event_id;
    },

    // The polls of a room as Element shows them, oldest first.
    async polls({ client, room: id }) {
        const room = of(client).getRoom(id);
        await room.processPollEvents(room.getLiveTimeline().getEvents());
        return [...room.polls.entries()].map(([event_id, poll]) => ({
            event_id,
            question: poll.pollEvent.question.text,
            answers: poll.pollEvent.answers.map((answer) => [answer.id, answer.text]),
            most: poll.pollEvent.maxSelections,
            disclosed: poll.pollEvent.kind.stable === "m.poll.disclosed",
            ended: poll.isEnded,
        }));
    },

    // An answer as Element sends it.
    async vote({ client, room, poll, answers }) {
        const { type, content } = PollResponseEvent.from(answers, poll).serialize();
        return (await of(client).sendEvent(room, type, content)).event_id;
    },

    // An event as it came from the homeserver, with the keys that are here now.
    async read({ client, event }) {
        return lineOf(of(client), new sdk.MatrixEvent(event));
    },

    async isolation({ client, isolation }) {
        setIsolation(of(client), isolation);
    },

    // What this client knows of a user's devices after asking the homeserver.
    async devices({ client, user }) {
        const api = of(client).getCrypto();
        const found = (await api.getUserDeviceInfo([user], true)).get(user) ?? new Map();
        const devices = [...found.values()].map(async (device) => {
            const status = await api.getDeviceVerificationStatus(user, device.deviceId);
            return {
                device_id: device.deviceId,
                ed25519: device.getFingerprint(),
                curve25519: device.getIdentityKey(),
                signed_by_owner: status?.signedByOwner ?? false,
                dehydrated: device.dehydrated,
            };
        });
        return Promise.all(devices);
    },

    async status({ client, user }) {
        const api = of(client).getCrypto();
        const has_identity = await api.userHasCrossSigningKeys(user, true);
        const status = await api.getUserVerificationStatus(user);
        return {
            has_identity,
            known: status.known,
            verified: status.isVerified(),
            needs_user_approval: status.needsUserApproval,
        };
    },

    async approve({ client, user }) {
        await of(client).getCrypto().pinCurrentUserIdentity(user);
    },

    async signDevice({ client, device }) {
        await of(client).getCrypto().crossSignDevice(device);
    },

    // What an interactive verification between two devices of one person leads to: the second
    // holds the identity's keys too, trusts them, and is signed.
    async verify({ client, by }) {
        const api = of(client).getCrypto();
        const keys = await of(by).getCrypto().olmMachine.exportCrossSigningKeys();
        await api.getUserDeviceInfo([of(client).getUserId()], true);
        await api.olmMachine.importCrossSigningKeys(
            keys.masterKey,
            keys.self_signing_key,
            keys.userSigningKey,
        );
        await api.crossSignDevice(of(client).getDeviceId());
    },

    async resetIdentity({ client, password }) {
        await newIdentity(of(client), password, true);
    },

    // The private keys of an identity, as a client with the recovery key finds them.
    async openSecrets({ recoveryKey, accountData }) {
        const key = crypto.decodeRecoveryKey(recoveryKey);
        const storage = new ServerSideSecretStorageImpl(
            { getAccountDataFromServer: async (type) => accountData[type] ?? null },
            { getSecretStorageKey: async ({ keys }) => [Object.keys(keys)[0], key] },
        );
        const [, described] = await storage.getKey();
        if (!(await storage.checkKey(key, described))) throw new Error("it is another key");
        const names = ["master", "self_signing", "user_signing"].map((x) => `m.cross_signing.${x}`);
        return Object.fromEntries(
            await Promise.all(names.map(async (name) => [name, await storage.get(name)])),
        );
    },

    // Verification by emoji as the side that asks: in a private chat, or from device to device.
    async askVerification({ client, user, room, device }) {
        const api = of(client).getCrypto();
        await api.getUserDeviceInfo([user], true);
        await api.userHasCrossSigningKeys(user, true);
        const request =
            room === null
                ? await api.requestDeviceVerification(user, device)
                : await api.requestVerificationDM(user, room);
        verifications.set(client, { request });
    },

    // Until the other side is ready, then until both show emoji: [[symbol, name], ...].
    async compareEmoji({ client }) {
        const running = verifications.get(client);
        await until(running.request, (request) => request.phase >= Phase.Ready);
        running.verifier = await running.request.startVerification("m.sas.v1");
        const shown = Promise.withResolvers();
        running.verifier.on("show_sas", shown.resolve);
        running.verified = running.verifier.verify();
        running.verified.catch(shown.reject);
        running.sas = await shown.promise;
        return running.sas.sas.emoji;
    },

    async confirmEmoji({ client }) {
        const { request, sas, verified } = verifications.get(client);
        await sas.confirm();
        await verified;
        await until(request, (request) => request.phase === Phase.Done);
    },

    async refuseEmoji({ client }) {
        verifications.get(client).sas.mismatch();
    },

    // The code of the cancellation, once one side has given up.
    async cancelled({ client }) {
        const { request } = verifications.get(client);
        await until(request, (request) => request.phase === Phase.Cancelled);
        return request.cancellationCode;
    },

    async discardSession({ client, room }) {
        await of(client).getCrypto().forceDiscardSession(room);
    },

    async stop({ client }) {
        of(client).stopClient();
        clients.delete(client);
    },
};

function of(name) {
    const client = clients.get(name);
    if (client === undefined) throw new Error(`no client ${name}`);
    return client;
}

async function passwordLogin(url, user, password, device) {
    const client = sdk.createClient({ baseUrl: url });
    const identifier = { type: "m.id.user", user };
    const wish = device === null ? {} : { device_id: device };
    return client.loginRequest({ type: "m.login.password", identifier, password, ...wish });
}

function setIsolation(client, isolation) {
    const mode =
        isolation === "only-signed"
            ? new crypto.OnlySignedDevicesIsolationMode()
            : new crypto.AllDevicesIsolationMode(false);
    client.getCrypto().setDeviceIsolationMode(mode);
}

async function newIdentity(client, password, anew) {
    const identifier = { type: "m.id.user", user: client.getUserId() };
    await client.getCrypto().bootstrapCrossSigning({
        setupNewCrossSigning: anew,
        authUploadDeviceSigningKeys: async (send) => {
            await send({ type: "m.login.password", identifier, password });
        },
    });
}

function until(request, holds) {
    return new Promise((resolve) => {
        const look = () => holds(request) && resolve();
        request.on(crypto.VerificationRequestEvent.Change, look);
        look();
    });
}

// The library waits 5 to 10 s after an outage; tests that kill the homeserver have less patience.
function hurry(client) {
    setTimeout(() => client.clientRunning && client.retryImmediately(), 300);
}

function tellNews(name, client) {
    let told = Promise.resolve(); // one after the other, so that lines keep their order
    const line = (event, room) => {
        told = told.then(() => tellLine(name, client, event, room)).catch(console.error);
    };
    client.on(sdk.RoomEvent.Timeline, line);
    client.on(sdk.RoomEvent.LocalEchoUpdated, line);
    client.on(sdk.MatrixEventEvent.Decrypted, (event) =>
        line(event, client.getRoom(event.getRoomId())),
    );
    client.on(sdk.RoomEvent.MyMembership, (room, membership) => {
        const me = room.getMember(client.getUserId());
        const inviter = me?.events.member?.getSender() ?? null;
        write({ event: "membership", client: name, room: room.roomId, membership, inviter });
    });
}

// Events of one's own are told once the homeserver has confirmed them.
async function tellLine(name, client, event, room) {
    if (!room || event.status !== null || event.getId().startsWith("~")) return;
    const line = await lineOf(client, event);
    write({ event: "line", client: name, room: room.roomId, line });
}

async function lineOf(client, event) {
    await client.decryptEventIfNeeded(event);
    const info = event.isEncrypted()
        ? await client.getCrypto().getEncryptionInfoForEvent(event)
        : null;
    return {
        event_id: event.getId(),
        sender: event.getSender(),
        type: event.isDecryptionFailure() ? event.getWireType() : event.getType(),
        content: event.isDecryptionFailure() ? event.getWireContent() : event.getOriginalContent(),
        ts: event.getTs(),
        encrypted: event.isEncrypted(),
        failure: event.isDecryptionFailure() ? event.decryptionFailureReason : null,
        shield: info && crypto.EventShieldColour[info.shieldColour],
        shield_reason:
            info && info.shieldReason !== null
                ? crypto.EventShieldReason[info.shieldReason]
                : null,
        state_key: event.getStateKey() ?? null,
    };
}

function described(error) {
    return { errcode: error.errcode ?? error.name ?? "ERROR", message: error.message ?? `${error}` };
}

async function answer(text) {
    const { id, method, params } = JSON.parse(text);
    try {
        write({ id, result: (await methods[method](params)) ?? null });
    } catch (error) {
        write({ id, error: described(error) });
    }
}

const lines = createInterface({ input: process.stdin });
lines.on("line", (text) => void answer(text));
lines.on("close", () => process.exit(0));
