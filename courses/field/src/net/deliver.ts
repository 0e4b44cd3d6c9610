/**
 * Hands events and files over until the receipt covers them, or the server will not take more. The same
 * for the phone's own outbox and for a file that somebody else brings.
 */

import { firstBatch } from "../pure/batch.ts";
import { coversOurs, isNewer, proven, readReceipt, signedBy } from "../pure/receipt.ts";
import type { Head, PublicKey, Receipt, Result, SignedReceipt } from "../pure/protocol.ts";
import { heardFrom, mono } from "../store/clock.ts";
import { ask, NoAnswer, type Answer } from "./wire.ts";
import { sendBlob } from "./blobs.ts";

export interface Item {
  seq: number;
  hash: string;
  body: string;
  sig: string;
}

export interface Load {
  device: string;
  head: Head | null;
  token: string;
  /** What is to be sent, after the receipt was read; `all` when the server has nothing. */
  items: (all: boolean) => Promise<Item[]>;
  receiptKeys: PublicKey[];
  receipt: Receipt | null;
  /** The newest own event that the server has confirmed by its hash while its chain was another. */
  held: Head | null;
  /** The sender's own hash under a number: "" when it wrote less, null when it does not know. */
  own: (seq: number) => Promise<string | null>;
  /** Bytes of a file, or null when they are not here. */
  blob: (hash: string) => Promise<ArrayBuffer | null>;
  /** The server does not know the device: what an old receipt said of it no longer holds. */
  onUnknown: () => Promise<void>;
  onQuarantined: (hash: string, reason: string) => Promise<void>;
  onReceipt: (receipt: Receipt, signed: SignedReceipt, held: Head | null) => Promise<void>;
  onBlobRefused: (hash: string, reason: string) => Promise<void>;
  /** The server knows this token no more; what is signed goes on without. */
  onAccount: (code: "token_unknown" | "device_revoked") => void;
  onProgress: (done: number, total: number, what: "events" | "blobs") => void;
}

export class Forged extends Error {}

export async function receiptKeysOf(device: string): Promise<PublicKey[]> {
  const answer = await ask(`status?device=${device}`);
  return answer.data?.receipt_key ? [answer.data.receipt_key] : [];
}

/** The receipt, when the base has signed it. */
async function verified(load: Load, signed: SignedReceipt | undefined): Promise<Receipt> {
  if (!signed || typeof signed.body !== "string") throw new NoAnswer("half");
  let key = load.receiptKeys.find(({ kid }) => kid === signed.kid);
  if (!key) {
    load.receiptKeys.push(...(await receiptKeysOf(load.device)));
    key = load.receiptKeys.find(({ kid }) => kid === signed.kid);
  }
  if (!key || !(await signedBy(signed, key.public_key))) throw new Forged();
  const receipt = readReceipt(signed.body, load.device);
  if (!receipt) throw new Forged();
  return receipt;
}

const upTo = async (load: Load, receipt: Receipt): Promise<number> =>
  proven(receipt, await load.own(receipt.contiguous), load.held);

/** `kept` is the newest of the batch up to which the answer to it names each as kept. */
async function accept(load: Load, signed: SignedReceipt | undefined, kept: Head | null = null): Promise<Receipt> {
  const receipt = await verified(load, signed);
  await heardFrom(receipt.at, mono());
  if (!isNewer(receipt, load.receipt)) return receipt;
  if (load.receipt && receipt.contiguous < load.receipt.contiguous) load.held = null; // the server was set back
  const ours = (await upTo(load, receipt)) === Infinity;
  load.held = ours ? null : (kept ?? load.held);
  load.receipt = receipt;
  await load.onReceipt(receipt, signed!, load.held);
  return receipt;
}

/** The receipt as it stands; null when the server does not know the device. */
export async function askReceipt(load: Load): Promise<Receipt | null> {
  const answer = await ask(`receipt?device=${load.device}`, { token: load.token });
  if (answer.status === 404) return null;
  if (answer.status !== 200) throw new NoAnswer("refused", answer.status);
  return accept(load, answer.data?.receipt);
}

async function post(load: Load, batch: Item[]): Promise<Answer> {
  const events = batch.map(({ body, sig }) => ({ body, sig }));
  const body = JSON.stringify({ device: load.device, head: load.head, events });
  const answer = await ask("batches", { method: "POST", body, token: load.token });
  if ((answer.status === 401 || answer.status === 403) && load.token) {
    load.onAccount(answer.status === 401 ? "token_unknown" : "device_revoked");
    load.token = "";
    return ask("batches", { method: "POST", body });
  }
  return answer;
}

/** The newest up to which the server says of each, by its hash, that it keeps it. */
function keptOf(batch: Item[], results: Result[]): Head | null {
  let kept: Head | null = null;
  for (const [at, { seq, hash }] of batch.entries()) {
    const found = results[at];
    if (found?.hash !== hash || (found.result !== "stored" && found.result !== "duplicate")) break;
    kept = { seq, hash };
  }
  return kept;
}

async function sendEvents(load: Load, all: boolean): Promise<void> {
  const ours = load.receipt ? await upTo(load, load.receipt) : 0;
  let left = (await load.items(all)).filter(({ seq }) => !coversOurs(load.receipt, seq, ours));
  let whole = true;
  const total = left.length;
  let most = 100;
  while (left.length) {
    const batch = firstBatch(left, most);
    const answer = await post(load, batch);
    if (answer.status === 413) {
      if (batch.length === 1) await load.onQuarantined(batch[0]!.hash, "too_large");
      if (batch.length === 1) {
        left = left.slice(1);
        whole = false;
      }
      most = Math.max(1, Math.floor(batch.length / 2));
      continue;
    }
    if (answer.status !== 200) throw new NoAnswer("refused", answer.status);
    const results = (answer.data?.results ?? []) as Result[];
    const kept: Head | null = whole ? keptOf(batch, results) : null;
    whole &&= kept?.seq === batch[batch.length - 1]!.seq;
    await accept(load, answer.data?.receipt, kept);
    for (const [at, { result, reason }] of results.entries()) {
      const sent = batch[at];
      if (sent && result === "quarantined") await load.onQuarantined(sent.hash, reason ?? "quarantined");
    }
    left = left.slice(batch.length); // once in a run, whatever the receipt says; the next run asks it again
    load.onProgress(total - left.length, total, "events");
  }
}

async function sendBlobs(load: Load): Promise<void> {
  const missing = load.receipt?.missing_blobs ?? [];
  let sent = 0;
  for (const [at, hash] of missing.entries()) {
    load.onProgress(at, missing.length, "blobs");
    const data = await load.blob(hash);
    if (!data) continue;
    const refused = await sendBlob(hash, data, load.token);
    if (refused === "") sent += 1;
    else if (refused !== "later") await load.onBlobRefused(hash, refused);
  }
  if (sent) await askReceipt(load);
}

/** The receipt after everything; null when the server does not know the device at all. */
export async function deliver(load: Load): Promise<Receipt | null> {
  const before = await askReceipt(load);
  if (!before) {
    load.receipt = null;
    await load.onUnknown();
  }
  await sendEvents(load, before === null);
  if (!load.receipt) return null;
  await sendBlobs(load);
  return load.receipt;
}
