/** The centre's signed documents, read and measured; each throws an Error for what is none. */

import { fromB64url, type Bytes } from "./bytes.ts";

export interface Signature {
  kid: string;
  sig: string;
}
export interface Signed extends Signature {
  body: string;
  also: Signature[];
}
export interface Key {
  kid: string;
  use: string;
  issuer: string;
  name: string;
  x: string;
  retired: string | null;
  compromised: string | null;
  lists: number[];
}
/** `at` is when it was signed, in milliseconds since 1970. */
export interface Trust {
  centre: string;
  host: string;
  phone: string;
  keys: Key[];
  at: number;
}
export interface Statuses {
  issuer: string;
  list: number;
  bits: Bytes;
  at: number;
}

const PLACES = 131_072;
const LARGEST = 4_000_000; // characters of a document

type Said = Record<string, unknown>;

function need(good: unknown, what: string): asserts good {
  if (!good) throw new Error(`no ${what}`);
}

function text(said: Said, name: string): string {
  const value = said[name];
  need(typeof value === "string", name);
  return value;
}

function object(value: unknown): Said {
  need(typeof value === "object" && value !== null && !Array.isArray(value), "object");
  return value as Said;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const signature = (value: unknown): Signature => ({ kid: text(object(value), "kid"), sig: text(object(value), "sig") });

function moment(said: Said): number {
  const at = Date.parse(text(said, "at"));
  need(Number.isFinite(at), "at");
  return at;
}

function day(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  need(typeof value === "string" && /^\d{4}-\d{2}-\d{2}/.test(value), "day");
  return value.slice(0, 10);
}

export function readSigned(answer: string): Signed {
  need(answer.length <= LARGEST, "document of this length");
  const said = object(JSON.parse(answer));
  return { ...signature(said), body: text(said, "body"), also: list(said["also"]).slice(0, 20).map(signature) };
}

export function readTrust(body: string): Trust {
  const said = object(JSON.parse(body));
  need(said["v"] === 1 && Array.isArray(said["keys"]), "trust list");
  const host = text(said, "host");
  return { centre: text(said, "centre"), host, phone: text(said, "phone"), keys: list(said["keys"]).map(key), at: moment(said) };
}

function key(value: unknown): Key {
  const said = object(value);
  return {
    kid: text(said, "kid"),
    use: text(said, "use"),
    issuer: text(said, "issuer"),
    name: text(said, "name"),
    x: text(said, "x"),
    retired: day(said["retired"]),
    compromised: day(said["compromised"]),
    lists: list(said["lists"]).filter((n): n is number => Number.isInteger(n)),
  };
}

export async function readStatuses(body: string): Promise<Statuses> {
  const said = object(JSON.parse(body));
  need(said["v"] === 1 && Number.isInteger(said["list"]), "list of statuses");
  const packed = fromB64url(text(said, "bits"));
  need(packed, "bits");
  const bits = await unzip(packed);
  need(bits.length * 8 === PLACES, "whole list");
  return { issuer: text(said, "issuer"), list: said["list"] as number, bits, at: moment(said) };
}

async function unzip(packed: Bytes): Promise<Bytes> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** 1: revoked or superseded; 0: not; null: the place is in no such list. */
export function bitOf({ bits }: Statuses, index: number): 0 | 1 | null {
  if (!Number.isInteger(index) || index < 0 || index >= bits.length * 8) return null;
  return ((bits[index >> 3]! >> (7 - (index & 7))) & 1) as 0 | 1;
}
