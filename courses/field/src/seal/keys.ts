/** The phone's own signing key: made here, and no script can read its private half. */

import { b64, utf8 } from "../pure/bytes.ts";

const ECDSA = { name: "ECDSA", namedCurve: "P-256" };

export const makeKeyPair = (): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey(ECDSA, false, ["sign", "verify"]);

export async function publicKeyOf(pair: CryptoKeyPair): Promise<string> {
  return b64(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
}

export async function sign(pair: CryptoKeyPair, body: string): Promise<string> {
  const how = { name: "ECDSA", hash: "SHA-256" };
  return b64(new Uint8Array(await crypto.subtle.sign(how, pair.privateKey, utf8(body))));
}
