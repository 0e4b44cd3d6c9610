/** Payloads are sealed to the base's key when they are saved: nobody reads them on the phone after that. */

import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { b64, fromB64, join, utf8, type Bytes } from "../pure/bytes.ts";

const suite = new CipherSuite({
  kem: new DhkemP256HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

export const sealInfo = (device: string, seq: number): Bytes => utf8(`trainbase/field/1/${device}/${seq}`);

/** b64 of `enc ‖ ciphertext`. */
export async function sealTo(publicKey: string, info: Bytes, plain: Bytes): Promise<string> {
  const raw = fromB64(publicKey);
  const recipientPublicKey = await suite.kem.deserializePublicKey(raw.buffer);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: info.buffer }, plain.buffer);
  return b64(join(new Uint8Array(enc as ArrayBuffer), new Uint8Array(ct as ArrayBuffer)));
}
