import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { note, phone, Server } from "./phone.ts";
import { append } from "../src/store/append.ts";
import { log } from "../src/store/log.ts";
import { outboxFile, standingOf } from "../src/store/outbox.ts";
import { sync, syncState } from "../src/net/sync.ts";
import { ask, NoAnswer } from "../src/net/wire.ts";

const file = (size: number) => {
  const data = new Uint8Array(size).fill(9).buffer;
  return { hash: createHash("sha256").update(Buffer.from(data)).digest("hex"), data };
};
const html = () => new Response("<h1>Wi-Fi</h1>", { status: 200, headers: { "Content-Type": "text/html" } });

async function tried(server: Server, fault: Server["fault"]) {
  server.fault = fault;
  await sync(true);
  server.fault = () => null;
  return syncState().problem;
}

test("250 events go in three batches, and files in pieces, until the receipt covers all", async () => {
  const { server, pen, device } = await phone();
  const photo = file(600 * 1024);
  await append(pen, [...Array.from({ length: 249 }, (_, n) => note(String(n))), note("photo", [photo])]);
  await sync(true);
  assert.equal(syncState().problem, null);
  assert.equal(server.asked.filter((one) => one === "POST batches").length, 3);
  assert.equal(server.asked.filter((one) => one === "PUT blobs").length, 3);
  assert.equal(createHash("sha256").update(server.blobs.get(photo.hash)!).digest("hex"), photo.hash);
  const standing = await standingOf(device);
  assert.deepEqual([standing.unsent, standing.blobsHere, standing.receipt!.contiguous], [0, 0, 250]);
});

test("a file that was cut goes on where the server has it", async () => {
  const { server, pen, device } = await phone();
  await append(pen, [note("photo", [file(600 * 1024)])]);
  let pieces = 0;
  assert.equal(await tried(server, ({ method }) => (method === "PUT" && ++pieces > 1 ? html() : null)), "not_ours");
  assert.equal((await standingOf(device)).blobsHere, 1);
  server.asked = [];
  await sync(true);
  assert.equal(server.asked.filter((one) => one === "PUT blobs").length, 2);
  assert.equal((await standingOf(device)).blobsHere, 0);
});

test("what is not the server's answer keeps everything and says so", async () => {
  const { server, pen, device } = await phone();
  await append(pen, [note("a"), note("b")]);
  const faults: [string, Server["fault"]][] = [
    ["not_ours", () => html()],
    ["server", () => server.answer({}, 500)],
    ["busy", () => server.answer({}, 503, { "Retry-After": "1" })],
    ["half", ({ path }) => (path === "batches" ? new Response('{"results": [', { headers: { "X-Trainbase": "field/1" } }) : null)],
    ["offline", () => Promise.reject(new TypeError("failed"))],
    ["forged", ({ path }) => (path === "batches" ? server.answer({ results: [], receipt: { ...new Server().receipt(), kid: "r1" } }) : null)],
    ["refused", ({ path }) => (path === "batches" ? server.answer({ error: { code: "not_json" } }, 400) : null)],
  ];
  for (const [problem, fault] of faults) {
    assert.equal(await tried(server, fault), problem);
    assert.equal((await standingOf(device)).unsent, 2, problem);
  }
  await sync(true);
  assert.equal((await standingOf(device)).unsent, 0);
});

test("a server that hangs is given up after the limit", async () => {
  await phone();
  Object.assign(globalThis, {
    fetch: (_: string, { signal }: RequestInit) => new Promise((_, reject) => signal!.addEventListener("abort", () => reject(new Error("aborted")))),
  });
  await assert.rejects(ask("status", { limit: 20 }), (error: NoAnswer) => error.why === "timeout");
});

test("stored, then the connection dropped: the same events go again and nothing is doubled", async () => {
  const { server, pen, device } = await phone();
  await append(pen, [note("a"), note("b")]);
  let first = true;
  await tried(server, ({ path, body }) => {
    if (path !== "batches" || !first) return null;
    first = false;
    server.batch(body as never);
    return Promise.reject(new TypeError("dropped"));
  });
  await sync(true);
  assert.equal(server.events.size, 2);
  assert.equal((await standingOf(device)).receipt!.contiguous, 2);
});

test("a token that is no longer good holds nothing up", async () => {
  const { server, pen, device } = await phone();
  await append(pen, [note("a")]);
  await tried(server, ({ path }) => (path === "status" ? server.answer({ error: { code: "token_unknown" } }, 401) : null));
  assert.equal(syncState().account, "token_unknown");
  assert.equal((await standingOf(device)).unsent, 0);
});

test("an item that is put apart does not hold up the others, and is shown with its reason", async () => {
  const { server, pen, device } = await phone();
  await append(pen, [note("a"), note("b"), note("c")]);
  const apart: Server["fault"] = ({ path, body }) => {
    if (path !== "batches") return null;
    const { events } = body as { events: { body: string }[] };
    const good = events.filter((event) => JSON.parse(event.body).seq !== 2);
    server.batch({ head: { seq: 3 }, events: good });
    const results = events.map((event) => ({ seq: JSON.parse(event.body).seq, hash: createHash("sha256").update(event.body).digest("hex") }));
    return server.answer({ results: results.map((one) => ({ ...one, result: one.seq === 2 ? "quarantined" : "stored", reason: "bad_signature" })), receipt: server.receipt(3) });
  };
  await tried(server, apart);
  const standing = await standingOf(device);
  assert.deepEqual(standing.quarantined, [{ seq: 2, reason: "bad_signature" }]);
  assert.equal(standing.unsent, 0);
  assert.equal((await outboxFile(device)).events.length, 1);
  server.asked = [];
  await sync(false); // not by itself
  assert.equal(server.asked.includes("POST batches"), false);
  await sync(true); // but when the trainer asks
  assert.deepEqual((await standingOf(device)).quarantined, []);
});

test("a server that was set back gets again what it has lost", async () => {
  const { server, pen, device } = await phone();
  await append(pen, Array.from({ length: 5 }, (_, n) => note(String(n))));
  await sync(true);
  for (const seq of [3, 4, 5]) server.events.delete(seq);
  await sync(false);
  assert.equal(server.events.size, 5);
  assert.equal((await standingOf(device)).receipt!.contiguous, 5);
  server.events.clear();
  server.known = false; // before the device was enrolled
  await sync(false);
  assert.equal(server.events.size, 5);
});

test("covered for 30 days, an event leaves the phone; not while its photo is missing", async () => {
  const { server, pen } = await phone();
  const photo = file(10);
  await append(pen, [note("a"), note("photo", [photo])]);
  await tried(server, ({ method }) => (method === "PUT" ? server.answer({ error: { code: "blob_too_large" } }, 413) : null));
  const long = "2026-01-01T00:00:00.000Z";
  await log.outbox.toCollection().modify({ covered: long });
  const receipt = await log.receipts.toArray();
  const body = JSON.parse(receipt[0]!.signed.body);
  await log.receipts.update(receipt[0]!.device, { signed: { ...receipt[0]!.signed, body: JSON.stringify({ ...body, at: long }) } });
  await sync(false);
  assert.deepEqual((await log.outbox.toArray()).map(({ seq }) => seq), [2]);
  assert.equal((await log.blobs.toArray())[0]!.refused, "blob_too_large");
});

const kept = async () => Promise.all(log.tables.map(async (table) => [table, await table.toArray()] as const));
const texts = (server: Server) => [...server.events.values(), ...[...server.forks.values()].flat()];

/** Ten numbers have arrived; the phone is then put back to the eighth, and writes `more` numbers again. */
async function putBack(more: number) {
  const found = await phone();
  const many = (from: number, n: number) => Array.from({ length: n }, (_, at) => note(`${from + at}`));
  await append(found.pen, many(1, 8));
  await sync(true);
  const copy = await kept();
  await append(found.pen, many(9, 2));
  await sync(true);
  for (const [table, rows] of copy) {
    await table.clear();
    await table.bulkPut(rows as never[]);
  }
  await append(found.pen, many(101, more));
  return found;
}

test("a phone that was put back and wrote on hands in all that it wrote, not only what lies above the server's number", async () => {
  const { server, device } = await putBack(6);
  await sync(true);
  const own = await log.outbox.where("device").equals(device).toArray();
  assert.equal(own.length, 14);
  assert.deepEqual(own.filter(({ body }) => !texts(server).includes(body)).map(({ seq }) => seq), []);
  assert.equal(server.events.size + server.forks.size, 16); // 9 and 10 are kept twice
  assert.equal((await standingOf(device)).unsent, 0);
});

for (const more of [1, 2]) {
  test(`a phone that was put back is not told that its number ${8 + more} has arrived until it has`, async () => {
    const { server, pen, device } = await putBack(more);
    await tried(server, ({ path }) => (path === "batches" ? server.answer({}, 500) : null));
    assert.notEqual((await standingOf(device)).unsent, 0);
    await sync(true);
    assert.equal((await standingOf(device)).unsent, 0);
    const own = await log.outbox.where("device").equals(device).toArray();
    assert.deepEqual(own.filter(({ body }) => !texts(server).includes(body)), []);
    server.asked = [];
    await sync(true); // and then it is quiet
    assert.equal(server.asked.includes("POST batches"), false);
    await append(pen, [note("more"), note("and more")]);
    await sync(true);
    const later = await log.outbox.where("device").equals(device).toArray();
    assert.deepEqual(later.filter(({ body }) => !texts(server).includes(body)), []);
    assert.equal((await standingOf(device)).unsent, 0);
  });
}

test("cut after each batch, a phone that was put back still hands in everything, and a covered row stays until it has", async () => {
  const { server, device } = await putBack(150);
  for (let run = 0; run < 4; run++) {
    let batches = 0;
    await tried(server, ({ path }) => (path === "batches" && ++batches > 1 ? html() : null));
    await log.outbox.toCollection().modify((row) => {
      if (row.covered) row.covered = "2026-01-01T00:00:00.000Z"; // as if a month had gone by
    });
  }
  await sync(true);
  const written = texts(server);
  const rows = await log.outbox.where("device").equals(device).toArray();
  assert.deepEqual(rows.filter(({ body }) => !written.includes(body)), []);
  assert.equal(written.length, 10 + 150);
});
