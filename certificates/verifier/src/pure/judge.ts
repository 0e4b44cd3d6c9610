/** What a token is worth, by the steps of docs/reference/trust.md. What cannot be evaluated is never green. */

import { fromB64url } from "./bytes.ts";
import { bitOf, type Key, type Statuses, type Trust } from "./lists.ts";
import type { Verify } from "./pins.ts";
import type { Token } from "./token.ts";

export const FRESH = 24 * 3600 * 1000; // milliseconds
const CLOCKS = 10 * 60 * 1000; // by which a phone's clock may be slow

export type Tone = "good" | "old" | "bad" | "unsure";
export type Why =
  | "valid"
  | "offline"
  | "aged"
  | "clock"
  | "gone"
  | "revoked"
  | "superseded"
  | "unknown_key"
  | "unknown_key_old"
  | "signature"
  | "other_base"
  | "retired_key"
  | "stolen"
  | "stolen_since"
  | "no_status"
  | "not_in_register"
  | "register_fault"
  | "other_certificate";

/** What the register says of the code beside the token. */
export interface Asked {
  status: string;
  number: string;
  digest: string;
  gone: string;
  reason: string;
  next: string;
  fault: string[];
}
/** `current` says that keys and statuses were fetched for this very question, `asked` is null without a network. */
export interface Facts {
  trust: Trust;
  statuses: Statuses | null;
  current: boolean;
  asked: Asked | null;
  now: number;
}
/** `at` is the moment for which the status holds. */
export interface Verdict {
  tone: Tone;
  why: Why;
  key?: Key;
  at?: number;
  asked?: Asked;
}

export const keyOf = (token: Token, trust: Trust): Key | undefined =>
  trust.keys.find(({ kid, use }) => kid === token.kid && use === "certificates");

export async function judge(token: Token, facts: Facts, verify: Verify): Promise<Verdict> {
  const key = keyOf(token, facts.trust);
  if (!key) return facts.current ? { tone: "bad", why: "unknown_key" } : { tone: "unsure", why: "unknown_key_old", at: facts.trust.at };
  const publicKey = fromB64url(key.x);
  const holds = publicKey?.length === 32 && (await verify(token.signature, token.payload, publicKey));
  if (!holds) return { tone: "bad", why: "signature", key };
  return { key, ...(ofKey(token, key) ?? ofStatus(token, key, facts)) };
}

/** What speaks against a certificate whose signature holds, before its status is looked at. */
function ofKey(token: Token, key: Key): Verdict | null {
  if (!token.number.startsWith(`${key.issuer}-`)) return { tone: "bad", why: "other_base" };
  if (key.compromised && token.issued >= key.compromised) return { tone: "bad", why: "stolen" };
  // The day is of UTC in the list and of the place in the token.
  if (key.retired && token.issued > dayAfter(key.retired)) return { tone: "bad", why: "retired_key" };
  return null;
}

const dayAfter = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

function ofStatus(token: Token, key: Key, { statuses, current, asked, now }: Facts): Verdict {
  const bit = token.place && statuses ? bitOf(statuses, token.place.index) : null;
  const at = statuses?.at;
  if (asked) {
    const said = ofRegister(token, asked, now);
    if (said.tone !== "good" || bit !== 1) return said;
  }
  if (bit === 1) return { tone: "bad", why: "gone", at };
  if (key.compromised) return { tone: "unsure", why: "stolen_since", at };
  if (bit === null || at === undefined) return { tone: "unsure", why: "no_status" };
  if (!current) return { tone: "old", why: "offline", at };
  if (now < at - CLOCKS) return { tone: "old", why: "clock", at };
  return now - at > FRESH ? { tone: "old", why: "aged", at } : { tone: "good", why: "valid", at };
}

function ofRegister(token: Token, asked: Asked, now: number): Verdict {
  const found = { asked, at: now };
  if (asked.number && (asked.number !== token.number || asked.digest !== token.digest)) {
    return { tone: "bad", why: "other_certificate", ...found };
  }
  if (!asked.number) {
    if (asked.fault.length) return { tone: "unsure", why: "register_fault", ...found };
    return { tone: "bad", why: "not_in_register", ...found };
  }
  if (asked.status === "revoked" || asked.status === "superseded") return { tone: "bad", why: asked.status, ...found };
  if (asked.status === "valid") return { tone: "good", why: "valid", ...found };
  return { tone: "unsure", why: "register_fault", ...found };
}
