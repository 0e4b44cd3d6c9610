/** A centre with a base, as its server would sign: keys, tokens, lists. */

import { webcrypto } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Bytes } from "../src/pure/bytes.ts";
import type { Key, Signed } from "../src/pure/lists.ts";

type Value = number | string | Uint8Array | Value[];

function head(major: number, value: number): number[] {
  if (value < 24) return [(major << 5) | value];
  if (value < 256) return [(major << 5) | 24, value];
  if (value < 65536) return [(major << 5) | 25, value >> 8, value & 255];
  return [(major << 5) | 26, (value >>> 24) & 255, (value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export function encode(value: Value): number[] {
  if (typeof value === "number") return head(0, value);
  if (typeof value === "string") {
    const bytes = new TextEncoder().encode(value);
    return [...head(3, bytes.length), ...bytes];
  }
  if (value instanceof Uint8Array) return [...head(2, value.length), ...value];
  return [...head(4, value.length), ...value.flatMap(encode)];
}

export const b64 = (bytes: Iterable<number>): string => Buffer.from([...bytes]).toString("base64url");

export class Signer {
  kid: string;
  x: string;
  private readonly key: webcrypto.CryptoKey;

  constructor(kid: string, key: webcrypto.CryptoKey, x: string) {
    this.kid = kid;
    this.key = key;
    this.x = x;
  }

  static async make(kid: string): Promise<Signer> {
    const pair = (await webcrypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
    const raw = new Uint8Array(await webcrypto.subtle.exportKey("raw", pair.publicKey));
    return new Signer(kid, pair.privateKey, b64(raw));
  }

  async sign(message: Uint8Array): Promise<Bytes> {
    return new Uint8Array(await webcrypto.subtle.sign("Ed25519", this.key, message as Bytes));
  }

  listed(more: Partial<Key> = {}): Key {
    const issuer = this.kid.split("-")[0]!;
    return { kid: this.kid, use: "certificates", issuer, name: `基地 ${issuer}`, x: this.x, retired: null, compromised: null, lists: [1], ...more };
  }
}

export const DIGEST = Uint8Array.from({ length: 16 }, (_, n) => n);
export const CLAIMS: Value[] = ["22240301-2026-00001", "阿卜杜热合曼·买买提", "缝纫裁剪初级班", "60", 20719, DIGEST];

export async function tokenOf(signer: Signer, claims: Value[] = CLAIMS, place: number[] = [1, 70_000]): Promise<string> {
  const payload = Uint8Array.from(encode([place.length ? 2 : 1, signer.kid, ...claims, ...place]));
  return b64(encode([payload, await signer.sign(payload)]));
}

export async function signedBy(signer: Signer, body: object, ...others: Signer[]): Promise<Signed> {
  const text = JSON.stringify({ v: 1, ...body, kid: signer.kid });
  const sign = async (by: Signer) => ({ kid: by.kid, sig: b64(await by.sign(new TextEncoder().encode(text))) });
  return { body: text, ...(await sign(signer)), also: await Promise.all(others.map(sign)) };
}

export const AT = "2026-11-25T10:00:00+00:00";
export const trustBody = (keys: Key[], at = AT) => ({ centre: "示范中心", host: "centre.example.cn", phone: "0433", keys, at, lag: 60 });

export function statusBody(gone: number[], at = AT) {
  const bits = new Uint8Array(131_072 / 8);
  for (const index of gone) bits[index >> 3]! |= 0x80 >> (index & 7);
  return { issuer: "22240301", list: 1, bits: b64(gzipSync(bits)), at };
}
