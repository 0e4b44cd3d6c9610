import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { note, phone } from "./phone.ts";
import { close, newDataKey } from "../src/seal/box.ts";
import { append, Full } from "../src/store/append.ts";
import { inOrder, readingOf } from "../src/store/journal.ts";
import { log } from "../src/store/log.ts";

// Another tab: the same database, another copy of the module and of its queue.
const two = "../src/store/append.ts?two";
const other = ((await import(two)) as { append: typeof append }).append;

const sha = (text: string) => createHash("sha256").update(text).digest("hex");

test("events follow each other without a gap, each names the hash of the one before", async () => {
  const { pen } = await phone();
  await append(pen, [note("a"), note("b")]);
  await append(pen, [note("c")]);
  const rows = await log.outbox.orderBy("[device+seq]").toArray();
  assert.deepEqual(rows.map(({ seq }) => seq), [1, 2, 3]);
  let before = "0".repeat(64);
  for (const row of rows) {
    assert.equal(row.hash, sha(row.body));
    assert.equal(JSON.parse(row.body).prev, before);
    assert.equal(row.body.includes("note"), false); // sealed
    before = row.hash;
  }
  assert.equal((await log.heads.toArray())[0]!.hash, before);
});

test("two tabs that write at once never fork the chain", async () => {
  const { pen } = await phone();
  const jobs = Array.from({ length: 12 }, (_, n) => (n % 2 ? other : append)(pen, [note(String(n))]));
  await Promise.all(jobs);
  const rows = await log.outbox.orderBy("[device+seq]").toArray();
  assert.deepEqual(rows.map(({ seq }) => seq), Array.from({ length: 12 }, (_, n) => n + 1));
  for (let n = 1; n < rows.length; n++) assert.equal(JSON.parse(rows[n]!.body).prev, rows[n - 1]!.hash);
});

test("a full phone writes nothing of an event: not the head, not the file", async () => {
  const { pen } = await phone();
  await append(pen, [note("a")]);
  const full = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  log.blobs.hook("creating", full);
  const photo = { hash: "f".repeat(64), data: new ArrayBuffer(8) };
  await assert.rejects(append(pen, [note("b", [photo])]), Full);
  log.blobs.hook("creating").unsubscribe(full);
  assert.equal(await log.outbox.count(), 1);
  assert.equal(await log.blobs.count(), 0);
  await append(pen, [note("c", [photo])]);
  assert.deepEqual((await log.outbox.toArray()).map(({ seq }) => seq), [1, 2]);
  assert.equal(await log.blobs.count(), 1);
});

test("what was written is read back with the key; after another PIN the outbox is still whole", async () => {
  const { pen } = await phone();
  const { key } = await newDataKey("284951");
  const person = { enrolment: 7 };
  const mark = (mark: "present" | "absent", minutes: number) => ({ payload: () => ({ kind: "mark" as const, session: 1, person, mark, minutes, how: "tap" as const, reason: "" }) });
  await append({ ...pen, key }, [{ payload: () => ({ kind: "session_opened", session: 1, place: "村部", photo: null, position: null }) }, mark("present", 180), mark("absent", 0)]);
  await append({ ...pen, key }, [{ payload: (head) => ({ kind: "session_closed", session: 1, headcount: 0, minutes: 180, photo: null, head }) }]);
  const reading = await readingOf(key, 1);
  assert.equal(reading.state, "closed");
  assert.deepEqual(reading.marks.get("e7"), { mark: "absent", minutes: 0, seq: 3 });
  assert.equal(reading.closed?.seq, 4);
  const next = (await newDataKey("395062")).key;
  assert.equal((await readingOf(next, 1)).state, "planned");
  assert.equal(await log.outbox.count(), 4);
});

test("a clock that is set back does not change the order of a chain", async () => {
  const box = await close((await newDataKey("284951")).key, {});
  const row = (device: string, seq: number, wall: string) => ({ device, seq, wall, session: 1, hash: "", box });
  const rows = [row("b", 1, "2026-11-24"), row("a", 2, "2026-11-20"), row("a", 1, "2026-11-23"), row("b", 2, "2026-11-25")];
  assert.deepEqual(inOrder(rows).map(({ device, seq }) => device + seq), ["a1", "a2", "b1", "b2"]);
});
