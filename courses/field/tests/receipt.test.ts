import assert from "node:assert/strict";
import { test } from "node:test";
import { awaited, covers, coversOurs, forgettable, proven, isNewer, readReceipt, signedBy } from "../src/pure/receipt.ts";
import { makeKeyPair, publicKeyOf, sign } from "../src/seal/keys.ts";
import { newDataKey, open, close, unwrap } from "../src/seal/box.ts";

const device = "0b3c0f4e-0000-4000-8000-000000000001";
const receipt = (change: object = {}) => ({ v: 1, device, at: "2026-11-25T01:00:00.000Z", contiguous: 2, chain_head: "", highest: 6, head: 8, gaps: [[3, 4], [7, 8]] as [number, number][], forks: [], missing_blobs: [], unreadable: [], ...change });

test("a receipt covers what lies below its highest number and in no gap", () => {
  const covered = [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((seq) => covers(receipt(), seq));
  assert.deepEqual(covered, [1, 2, 5, 6]);
  assert.equal(covers(null, 1), false);
});

test("a number proves nothing on a chain that is not the phone's own", () => {
  const found = receipt({ chain_head: "a" });
  assert.equal(proven(found, "a", null), Infinity);
  assert.equal(proven(found, null, null), Infinity); // forgotten long ago
  assert.equal(proven(receipt({ contiguous: 0 }), "", null), Infinity);
  assert.equal(proven(found, "b", null), 0);
  assert.equal(proven(found, "", { seq: 1, hash: "c" }), 1); // the phone wrote less than has arrived
  assert.deepEqual([1, 2, 5].map((seq) => coversOurs(found, seq, 1)), [true, false, false]);
});

test("what was declared lost is not waited for, and has not arrived either", () => {
  const found = receipt({ lost: [{ from: 4, to: 4, reason: "x" }, { from: 8, to: 20, reason: "" }] }) as never;
  assert.deepEqual(awaited(found), [[3, 3], [7, 7]]);
  assert.equal(covers(found, 4), false);
  assert.equal(readReceipt(JSON.stringify(receipt({ lost: [{ from: "1", to: 2 }] })), device), null);
});

test("a receipt of another device, or of nonsense, is none", () => {
  const read = (change: object) => readReceipt(JSON.stringify(receipt(change)), device);
  assert.equal(read({})?.highest, 6);
  for (const change of [{ device: "x" }, { v: 2 }, { gaps: null }, { gaps: [["a", 1]] }, { contiguous: "5" }, { contiguous: -1 }, { missing_blobs: ["../x"] }, { at: "" }]) {
    assert.equal(read(change), null, JSON.stringify(change));
  }
  assert.equal(readReceipt("<html>", device), null);
  assert.equal(readReceipt("null", device), null);
});

test("only the base's signature over these bytes counts", async () => {
  const [base, other] = [await makeKeyPair(), await makeKeyPair()];
  const body = JSON.stringify(receipt());
  const signed = { body, sig: await sign(base, body), kid: "r" };
  assert.equal(await signedBy(signed, await publicKeyOf(base)), true);
  assert.equal(await signedBy(signed, await publicKeyOf(other)), false);
  assert.equal(await signedBy({ ...signed, body: body + " " }, await publicKeyOf(base)), false);
  assert.equal(await signedBy({ ...signed, sig: "" }, await publicKeyOf(base)), false);
  assert.equal(await signedBy(signed, "nonsense"), false);
});

test("an older receipt never takes the place of a newer one; one that covers less may", () => {
  const before = receipt() as never;
  assert.equal(isNewer(receipt({ at: "2026-11-24T01:00:00.000Z" }) as never, before), false);
  assert.equal(isNewer(receipt({ contiguous: 1 }) as never, before), true);
  assert.equal(forgettable("2026-10-01T00:00:00.000Z", "2026-10-30T00:00:00.000Z"), false);
  assert.equal(forgettable("2026-10-01T00:00:00.000Z", "2026-11-01T00:00:00.000Z"), true);
  assert.equal(forgettable(null, "2026-11-01T00:00:00.000Z"), false);
});

test("the device key cannot be taken out, and a wrong PIN opens nothing", async () => {
  const pair = await makeKeyPair();
  await assert.rejects(crypto.subtle.exportKey("pkcs8", pair.privateKey));
  const { key, wrapped } = await newDataKey("284951");
  const box = await close(key, { name: "李小明" });
  assert.equal(new TextDecoder().decode(box.data).includes("李"), false);
  assert.equal(await unwrap("284950", wrapped), null);
  assert.deepEqual(await open((await unwrap("284951", wrapped))!, box), { name: "李小明" });
});
