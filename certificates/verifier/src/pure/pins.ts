/** Whose list of keys is believed. The centre's trust keys are learned once, over TLS from its own host; from then
 * on a list counts only if one of them signed it, and then names those that count next. */

import { fromB64url, type Bytes } from "./bytes.ts";
import { readTrust, type Signature, type Signed, type Trust } from "./lists.ts";

/** Public keys by id; `dead` are those that a list called stolen. */
export interface Pins {
  known: Record<string, string>;
  dead: string[];
}
export type Verify = (signature: Bytes, message: Bytes, publicKey: Bytes) => Promise<boolean>;
export type Why = "shape" | "stranger" | "older";

export class Refused extends Error {
  readonly why: Why;

  constructor(why: Why) {
    super(why);
    this.why = why;
  }
}

async function signedBy(x: string | undefined, { sig }: Signature, body: string, verify: Verify): Promise<boolean> {
  const signature = fromB64url(sig);
  const publicKey = x === undefined ? null : fromB64url(x);
  if (signature?.length !== 64 || publicKey?.length !== 32) return false;
  return verify(signature, new TextEncoder().encode(body), publicKey);
}

/** Whether one of the pinned keys signed the document. */
export async function believed(signed: Signed, pins: Pins, verify: Verify): Promise<boolean> {
  for (const each of [signed, ...signed.also]) {
    const known = Object.prototype.hasOwnProperty.call(pins.known, each.kid) ? pins.known[each.kid] : undefined;
    if (await signedBy(known, each, signed.body, verify)) return true;
  }
  return false;
}

/** The list, and the pins that hold from now on. Throws Refused; then the old list stays.
 * `pins` and `last` are null at the first use. */
export async function accept(signed: Signed, pins: Pins | null, last: Trust | null, verify: Verify) {
  let trust: Trust;
  try {
    trust = readTrust(signed.body);
  } catch {
    throw new Refused("shape");
  }
  const own = trust.keys.filter(({ use }) => use === "trust");
  const named = Object.fromEntries(own.filter(({ compromised }) => !compromised).map(({ kid, x }) => [kid, x]));
  const stolen = own.filter(({ compromised }) => compromised).map(({ kid }) => kid);
  const before = pins ?? { known: named, dead: [] };
  if (!(await believed(signed, before, verify))) throw new Refused("stranger");
  if (last && trust.at < last.at) throw new Refused("older");
  const dead = [...new Set([...before.dead, ...stolen])];
  const known = { ...named, ...before.known }; // a key that is pinned is not given another value
  for (const kid of dead) delete known[kid];
  return { trust, pins: { known, dead } };
}
