import assert from "node:assert/strict";
import { test } from "node:test";
import { fromB64url } from "../src/pure/bytes.ts";
import { decode } from "../src/pure/cbor.ts";
import { readToken } from "../src/pure/token.ts";
import { byBrowser, byLibrary } from "../src/proof/ed25519.ts";
import { b64, CLAIMS, encode, Signer, tokenOf } from "./paper.ts";

const signer = await Signer.make("22240301-2026");
const token = await tokenOf(signer);
const publicKey = fromB64url(signer.x)!;

/** Accepted: it is read, its key is known, and both ways of checking say yes; they must never differ. */
async function accepted(text: string): Promise<boolean> {
  const read = readToken(text);
  if (!read || read.kid !== signer.kid) return false;
  const both = await Promise.all([byBrowser, byLibrary].map((verify) => verify(read.signature, read.payload, publicKey)));
  assert.equal(both[0], both[1]);
  return both[0]!;
}

test("a token says its claims and holds with both ways of checking", async () => {
  const read = readToken(token)!;
  assert.deepEqual([read.number, read.name, read.project, read.hours], CLAIMS.slice(0, 4));
  assert.equal(read.issued, "2026-09-23");
  assert.deepEqual(read.place, { list: 1, index: 70_000 });
  assert.equal(await accepted(token), true);
  const first = await tokenOf(signer, CLAIMS, []);
  assert.equal(readToken(first)!.place, null);
  assert.equal(await accepted(first), true);
});

test("of 2,000 changed tokens none is accepted", async () => {
  let seed = 20261125; // the same ones at each run
  const chance = (below: number) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % below;
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const bytes = [...fromB64url(token)!];
  const flip = () => {
    const changed = [...bytes];
    changed[chance(changed.length)]! ^= 1 << chance(8);
    return b64(changed);
  };
  const ways = [
    flip,
    () => b64(bytes.slice(0, chance(bytes.length))),
    () => token + alphabet[chance(64)]!.repeat(1 + chance(4)),
    () => {
      const at = chance(token.length);
      return token.slice(0, at) + alphabet[chance(64)] + token.slice(at + 1);
    },
    () => {
      const at = chance(token.length);
      return token.slice(0, at) + token.slice(at + 1 + chance(9));
    },
  ];
  let tried = 0;
  for (let n = 0; n < 2100; n++) {
    const changed = ways[n % ways.length]!();
    if (changed === token) continue;
    tried++;
    assert.equal(await accepted(changed), false, changed);
  }
  assert.ok(tried >= 2000);
});

test("every single bit of a token matters", async () => {
  const bytes = fromB64url(token)!;
  for (let bit = 0; bit < bytes.length * 8; bit += 7) {
    const changed = bytes.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(await accepted(b64(changed)), false);
  }
});

test("a token has one spelling", async () => {
  const outer = fromB64url(token)!;
  const last = token.slice(0, -1);
  for (const other of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") {
    if (last + other !== token) assert.equal(await accepted(last + other), false);
  }
  for (const text of [`${token}=`, ` ${token}`, token.replace(/-/g, "+").replace(/_/g, "/") + "==", `${token}\n`, b64([...outer, 0])]) {
    assert.equal(await accepted(text), false, text);
  }
  const read = readToken(token)!;
  const longer = [0x98, 2, ...outer.slice(1)]; // the length of the array in two bytes
  const endless = [0x9f, ...outer.slice(1), 0xff];
  const tagged = [0xd9, 0xd9, 0xf7, ...outer];
  for (const bytes of [longer, endless, tagged]) assert.equal(readToken(b64(bytes)), null);
  assert.equal(b64(encode([read.payload, read.signature])), token);
});

test("what is no token is null, whatever it is", async () => {
  for (const text of ["", "A", "A".repeat(2001), "阿".repeat(20), "%00", "ＡＢＣ", "\u202e" + token, token.slice(4)]) assert.equal(readToken(text), null);
  const wrong: Parameters<typeof tokenOf>[1][] = [
    [1, ...CLAIMS.slice(1)],
    [...CLAIMS.slice(0, 4), "20719", CLAIMS[5]!],
    [...CLAIMS.slice(0, 5), new Uint8Array(15)],
    [...CLAIMS.slice(0, 4), 4_000_000, CLAIMS[5]!],
    CLAIMS.slice(0, 5),
  ];
  for (const claims of wrong) assert.equal(readToken(await tokenOf(signer, claims)), null);
  for (const place of [[1], [1, 2, 3], [1, 2 ** 31]]) assert.equal(readToken(await tokenOf(signer, CLAIMS, place)), null);
});

test("the reader of CBOR takes nothing that a token does not have", () => {
  const bad = ["", "1b0000000000000001", "20", "f6", "f5", "fb3ff0000000000000", "a0", "5f4100ff", "c100", "1817", "190017", "1a0000ffff", "61ff", "81", "8181818100", "9affffffff"];
  for (const bytes of bad) assert.throws(() => decode(Uint8Array.from(Buffer.from(bytes, "hex"))), bytes);
  assert.deepEqual(decode(Uint8Array.from(encode([1, "é", Uint8Array.of(7)]))), [1, "é", Uint8Array.of(7)]);
});
