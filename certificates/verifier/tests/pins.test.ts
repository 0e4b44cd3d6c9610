import assert from "node:assert/strict";
import { test } from "node:test";
import { readTrust, type Key } from "../src/pure/lists.ts";
import { accept, believed, Refused, type Pins } from "../src/pure/pins.ts";
import { byBrowser } from "../src/proof/ed25519.ts";
import { b64, Signer, signedBy, statusBody, trustBody } from "./paper.ts";

const [old, next, thief, base] = await Promise.all(["c-2026-T", "c-2027-T", "c-2026-T", "22240301-2026"].map((kid) => Signer.make(kid)));
const trust = (signer: Signer, more: Partial<Key> = {}) => signer.listed({ use: "trust", lists: [], ...more });
const body = (keys: Key[], at?: string) => trustBody([...keys, base!.listed()], at);
const later = "2026-11-25T11:00:00+00:00";
const first = await accept(await signedBy(old!, body([trust(old!)])), null, null, byBrowser);

const refused = (why: string) => (error: unknown) => error instanceof Refused && error.why === why;

test("the first list pins the trust keys that it names, if one of them signed it", async () => {
  assert.deepEqual(first.pins, { known: { "c-2026-T": old!.x }, dead: [] });
  await assert.rejects(accept(await signedBy(thief!, body([trust(old!)])), null, null, byBrowser), refused("stranger"));
  await assert.rejects(accept(await signedBy(base!, body([trust(old!)])), null, null, byBrowser), refused("stranger"));
  await assert.rejects(accept({ ...(await signedBy(old!, {})) }, null, null, byBrowser), refused("shape"));
});

test("a list of a stranger is refused, also when it calls its key by our name", async () => {
  const forged = await signedBy(thief!, body([trust(thief!)], later));
  await assert.rejects(accept(forged, first.pins, first.trust, byBrowser), refused("stranger"));
  const flipped = await signedBy(old!, body([trust(old!)], later));
  const sig = flipped.sig.startsWith("A") ? `B${flipped.sig.slice(1)}` : `A${flipped.sig.slice(1)}`;
  await assert.rejects(accept({ ...flipped, sig }, first.pins, first.trust, byBrowser), refused("stranger"));
  const changed = { ...flipped, body: flipped.body.replace("0433", "0434") };
  await assert.rejects(accept(changed, first.pins, first.trust, byBrowser), refused("stranger"));
});

test("the key of the next year comes by a list that the old key signed as well", async () => {
  const alone = await signedBy(next!, body([trust(old!), trust(next!)], later));
  await assert.rejects(accept(alone, first.pins, first.trust, byBrowser), refused("stranger"));
  const both = await signedBy(next!, body([trust(old!), trust(next!)], later), old!);
  const second = await accept(both, first.pins, first.trust, byBrowser);
  assert.deepEqual(second.pins.known, { "c-2026-T": old!.x, "c-2027-T": next!.x });
  assert.equal((await accept(alone, second.pins, second.trust, byBrowser)).trust.at, Date.parse(later));
});

test("a key that was called stolen is never believed again, and a pinned key has one value", async () => {
  const both = await signedBy(next!, body([trust(old!), trust(next!)], later), old!);
  const second = await accept(both, first.pins, first.trust, byBrowser);
  const said = await signedBy(next!, body([trust(old!, { compromised: "2026-11-01" }), trust(next!)], later));
  const third = await accept(said, second.pins, second.trust, byBrowser);
  assert.deepEqual(third.pins, { known: { "c-2027-T": next!.x }, dead: ["c-2026-T"] });
  await assert.rejects(accept(await signedBy(old!, body([trust(old!)], later)), third.pins, third.trust, byBrowser), refused("stranger"));
  const renamed = await signedBy(next!, body([trust(thief!), trust(next!)], later));
  assert.equal((await accept(renamed, second.pins, second.trust, byBrowser)).pins.known["c-2026-T"], old!.x);
});

test("an older list does not take the place of a newer one", async () => {
  const newer = await accept(await signedBy(old!, body([trust(old!)], later)), first.pins, first.trust, byBrowser);
  const again = await signedBy(old!, body([trust(old!)]));
  await assert.rejects(accept(again, newer.pins, newer.trust, byBrowser), refused("older"));
});

test("a list of statuses counts when a pinned key signed it", async () => {
  assert.equal(await believed(await signedBy(old!, statusBody([])), first.pins, byBrowser), true);
  assert.equal(await believed(await signedBy(base!, statusBody([])), first.pins, byBrowser), false);
  const odd: Pins = { known: {}, dead: [] };
  assert.equal(await believed({ kid: "constructor", sig: b64(new Uint8Array(64)), body: "{}", also: [] }, odd, byBrowser), false);
});

test("what is no list is an error, not a list without keys", () => {
  for (const text of ["", "[]", "null", "{}", '{"v":1}', '{"v":2,"keys":[]}', JSON.stringify({ v: 1, ...trustBody([]), at: "soon" })]) {
    assert.throws(() => readTrust(text), text);
  }
});
