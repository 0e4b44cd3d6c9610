/** Ed25519: the browser's own since Chrome 137, else a small library. Both follow RFC 8032 to the letter. */

import { verifyAsync } from "@noble/ed25519";
import type { Bytes } from "../pure/bytes.ts";

let native: Promise<boolean> | null = null;

/** Asks once, with a key that is a point. */
async function hasNative(): Promise<boolean> {
  const point = Uint8Array.from([1, ...new Array<number>(31).fill(0)]);
  try {
    await crypto.subtle.importKey("raw", point, { name: "Ed25519" }, false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

export async function byBrowser(signature: Bytes, message: Bytes, publicKey: Bytes): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
  } catch {
    return false; // no point on the curve
  }
}

export async function byLibrary(signature: Bytes, message: Bytes, publicKey: Bytes): Promise<boolean> {
  try {
    return await verifyAsync(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

export async function verify(signature: Bytes, message: Bytes, publicKey: Bytes): Promise<boolean> {
  native ??= hasNative();
  return (await native) ? byBrowser(signature, message, publicKey) : byLibrary(signature, message, publicKey);
}

export const engine = async (): Promise<string> => ((await (native ??= hasNative())) ? "webcrypto" : "library");
