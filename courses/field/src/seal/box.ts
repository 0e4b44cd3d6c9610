/** AES-256-GCM boxes under the data key; and the PIN that locks this key away. */

import { text, utf8, type Bytes } from "../pure/bytes.ts";

export interface Box {
  iv: Bytes;
  data: ArrayBuffer;
}

export async function close(key: CryptoKey, value: unknown): Promise<Box> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, utf8(JSON.stringify(value)));
  return { iv, data };
}

export async function open<T>(key: CryptoKey, box: Box): Promise<T> {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.data);
  return JSON.parse(text(plain)) as T;
}

/** A data key under a PIN. `rounds` is kept beside it, so that a later version may ask for more. */
export interface Wrapped extends Box {
  salt: Bytes;
  rounds: number;
}

export const ROUNDS = 310_000;

async function pinKey(pin: string, salt: Bytes, rounds: number): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const imported = (raw: Bytes | ArrayBuffer): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

export async function newDataKey(pin: string): Promise<{ key: CryptoKey; wrapped: Wrapped }> {
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await pinKey(pin, salt, ROUNDS), raw);
  return { key: await imported(raw), wrapped: { salt, rounds: ROUNDS, iv, data } };
}

/** The data key; null when the PIN is wrong. */
export async function unwrap(pin: string, wrapped: Wrapped): Promise<CryptoKey | null> {
  const key = await pinKey(pin, wrapped.salt, wrapped.rounds);
  try {
    return await imported(await crypto.subtle.decrypt({ name: "AES-GCM", iv: wrapped.iv }, key, wrapped.data));
  } catch {
    return null;
  }
}
