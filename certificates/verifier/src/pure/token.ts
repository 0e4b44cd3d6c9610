/** The signed token of the QR code, as docs/reference/trust.md has it. Reading proves nothing: see `proof/`. */

import { fromB64url, hex, type Bytes } from "./bytes.ts";
import { decode } from "./cbor.ts";

export const LONGEST = 2000; // characters
const LAST_DAY = 2932896; // 9999-12-31

export interface Token {
  kid: string;
  number: string;
  name: string;
  project: string;
  hours: string;
  issued: string; // YYYY-MM-DD
  digest: string; // hex
  place: { list: number; index: number } | null; // null: version 1, which had none
  payload: Bytes;
  signature: Bytes;
}

const isText = (value: unknown): value is string => typeof value === "string";
const isPlace = (value: unknown): value is number => typeof value === "number" && value < 2 ** 31;

/** The token, or null for what is none. */
export function readToken(text: string): Token | null {
  const packed = text.length > LONGEST ? null : fromB64url(text);
  try {
    return packed && take(packed);
  } catch {
    return null;
  }
}

function take(packed: Bytes): Token | null {
  const outer = decode(packed);
  if (!Array.isArray(outer) || outer.length !== 2) return null;
  const [payload, signature] = outer;
  if (!(payload instanceof Uint8Array && signature instanceof Uint8Array && signature.length === 64)) return null;
  const inner = decode(payload);
  if (!Array.isArray(inner)) return null;
  const [version, kid, number, name, project, hours, day, digest, ...place] = inner;
  if ((version !== 1 && version !== 2) || place.length !== 2 * (version - 1) || !place.every(isPlace)) return null;
  if (!isText(kid) || !isText(number) || !isText(name) || !isText(project) || !isText(hours)) return null;
  if (typeof day !== "number" || day > LAST_DAY || !(digest instanceof Uint8Array) || digest.length !== 16) return null;
  const [list, index] = place as number[];
  return {
    kid,
    number,
    name,
    project,
    hours,
    issued: new Date(day * 86_400_000).toISOString().slice(0, 10),
    digest: hex(digest),
    place: version === 2 ? { list: list!, index: index! } : null,
    payload,
    signature,
  };
}
