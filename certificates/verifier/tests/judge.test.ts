import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, type Asked, type Facts } from "../src/pure/judge.ts";
import { bitOf, readStatuses, readTrust, type Key } from "../src/pure/lists.ts";
import { hex } from "../src/pure/bytes.ts";
import { readToken } from "../src/pure/token.ts";
import { byBrowser } from "../src/proof/ed25519.ts";
import { AT, CLAIMS, DIGEST, Signer, statusBody, tokenOf, trustBody } from "./paper.ts";

const signer = await Signer.make("22240301-2026");
const token = readToken(await tokenOf(signer))!;
const NOW = Date.parse(AT) + 60_000;
const DAY = 86_400_000;
const asked: Asked = { status: "valid", number: token.number, digest: hex(DIGEST), gone: "", reason: "", next: "", fault: [] };

async function said(more: Partial<Facts> = {}, key: Partial<Key> = {}, gone: number[] = [], which = token) {
  const trust = readTrust(JSON.stringify({ v: 1, ...trustBody([signer.listed(key)]) }));
  const statuses = await readStatuses(JSON.stringify({ v: 1, ...statusBody(gone) }));
  const verdict = await judge(which, { trust, statuses, current: true, asked: null, now: NOW, ...more }, byBrowser);
  return [verdict.tone, verdict.why];
}

test("fresh is green; without a network, or old, it is amber", async () => {
  assert.deepEqual(await said(), ["good", "valid"]);
  assert.deepEqual(await said({ now: NOW + DAY - 120_000 }), ["good", "valid"]);
  assert.deepEqual(await said({ now: NOW + DAY }), ["old", "aged"]);
  assert.deepEqual(await said({ now: NOW - DAY }), ["old", "clock"]);
  assert.deepEqual(await said({ current: false }), ["old", "offline"]);
});

test("a bit is red, also offline, and also when the register is said to call it valid", async () => {
  for (const more of [{}, { current: false }, { asked }]) assert.deepEqual(await said(more, {}, [70_000]), ["bad", "gone"]);
  assert.deepEqual(await said({}, {}, [69_999, 70_001]), ["good", "valid"]);
});

test("what is not known is never green", async () => {
  assert.deepEqual(await said({ statuses: null }), ["unsure", "no_status"]);
  assert.deepEqual(await said({}, {}, [], readToken(await tokenOf(signer, CLAIMS, []))!), ["unsure", "no_status"]);
  assert.deepEqual(await said({}, {}, [], readToken(await tokenOf(signer, CLAIMS, [1, 131_072]))!), ["unsure", "no_status"]);
  assert.deepEqual(await said({ current: false }, { kid: "another" }), ["unsure", "unknown_key_old"]);
  assert.deepEqual(await said({}, { kid: "another" }), ["bad", "unknown_key"]);
  assert.deepEqual(await said({}, { use: "trust" }), ["bad", "unknown_key"]);
});

test("a wrong key, a key of another base and a key that was stolen or retired", async () => {
  const other = await Signer.make("22240301-2026");
  assert.deepEqual(await said({ asked }, { x: other.x }), ["bad", "signature"]);
  assert.deepEqual(await said({ asked }, { x: "AAAA" }), ["bad", "signature"]);
  assert.deepEqual(await said({ asked }, { issuer: "22240302" }), ["bad", "other_base"]);
  assert.deepEqual(await said({ asked }, { compromised: "2026-09-23" }), ["bad", "stolen"]);
  assert.deepEqual(await said({}, { compromised: "2026-09-24" }), ["unsure", "stolen_since"]);
  assert.deepEqual(await said({ asked }, { compromised: "2026-09-24" }), ["good", "valid"]);
  assert.deepEqual(await said({}, { compromised: "2026-09-24" }, [70_000]), ["bad", "gone"]);
  assert.deepEqual(await said({ asked }, { retired: "2026-09-21" }), ["bad", "retired_key"]);
  assert.deepEqual(await said({}, { retired: "2026-09-23" }), ["good", "valid"]);
});

test("the register's word on the code beside the token", async () => {
  assert.deepEqual(await said({ asked, statuses: null }), ["good", "valid"]);
  assert.deepEqual(await said({ asked: { ...asked, number: "22240301-2026-00002" } }), ["bad", "other_certificate"]);
  assert.deepEqual(await said({ asked: { ...asked, digest: "00".repeat(16) } }), ["bad", "other_certificate"]);
  assert.deepEqual(await said({ asked: { ...asked, status: "revoked" } }), ["bad", "revoked"]);
  assert.deepEqual(await said({ asked: { ...asked, status: "superseded" } }), ["bad", "superseded"]);
  assert.deepEqual(await said({ asked: { ...asked, status: "unknown", number: "", digest: "" } }), ["bad", "not_in_register"]);
  assert.deepEqual(await said({ asked: { ...asked, status: "unknown", fault: ["乱", "odd"] } }), ["unsure", "register_fault"]);
  assert.deepEqual(await said({ asked: { ...asked, status: "anything" } }), ["unsure", "register_fault"]);
});

test("index 0 is the highest bit of the first byte", async () => {
  const found = await readStatuses(JSON.stringify({ v: 1, ...statusBody([0, 9, 131_071]) }));
  assert.deepEqual([found.bits[0], found.bits[1], found.bits.at(-1)], [0x80, 0x40, 1]);
  assert.deepEqual([0, 1, 9, 131_071, 131_072, -1].map((index) => bitOf(found, index)), [1, 0, 1, 1, null, null]);
});

test("a list of another length is none", async () => {
  const { gzipSync } = await import("node:zlib");
  for (const size of [0, 100, 16_385]) {
    const bits = gzipSync(new Uint8Array(size)).toString("base64url");
    await assert.rejects(readStatuses(JSON.stringify({ v: 1, ...statusBody([]), bits })));
  }
});
