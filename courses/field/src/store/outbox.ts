/** The outbox as the sender and the screens see it. */

import { coversOurs, forgettable, proven, readReceipt } from "../pure/receipt.ts";
import type { Head, Receipt, SignedReceipt } from "../pure/protocol.ts";
import { FORMAT, type OutboxFile } from "../pure/outboxfile.ts";
import { b64 } from "../pure/bytes.ts";
import { announce } from "./news.ts";
import { headOf } from "./append.ts";
import { log, type OutboxRow } from "./log.ts";

export interface Standing {
  device: string;
  head: Head;
  receipt: Receipt | null;
  /** Events that no receipt covers and that are not put apart. */
  unsent: number;
  quarantined: { seq: number; reason: string }[];
  /** Files that the server asks for, or whose events it has not got yet, and that are here. */
  blobsHere: number;
  /** Files that the server asks for and that are not here. */
  blobsLost: number;
  blobsRefused: { hash: string; reason: string }[];
}

export async function receiptOf(device: string): Promise<Receipt | null> {
  const row = await log.receipts.get(device);
  return row ? readReceipt(row.signed.body, device) : null;
}

export const heldOf = async (device: string): Promise<Head | null> => (await log.receipts.get(device))?.held ?? null;

/** The phone's own hash under a number: "" when it has not written so far, null when it has forgotten it. */
export async function ownHash(device: string, seq: number): Promise<string | null> {
  const row = await log.outbox.get([device, seq]);
  if (row) return row.hash;
  const next = await log.outbox.get([device, seq + 1]);
  if (next) return (JSON.parse(next.body) as { prev: string }).prev;
  const head = await headOf(device);
  return head.seq === seq ? head.hash : head.seq < seq ? "" : null;
}

const rowsOf = (device: string): Promise<OutboxRow[]> =>
  log.outbox.where("device").equals(device).sortBy("seq");

export const devicesWithRows = async (): Promise<string[]> =>
  (await log.outbox.orderBy("device").uniqueKeys()) as string[];

const openRows = (device: string): Promise<OutboxRow[]> =>
  log.outbox.where("[device+open]").equals([device, 1]).sortBy("seq");

export async function standingOf(device: string): Promise<Standing> {
  const receipt = await receiptOf(device);
  const rows = await openRows(device);
  const wanted = new Set(receipt?.missing_blobs ?? []);
  for (const row of rows) if (!row.quarantined) row.blobs.forEach((hash) => wanted.add(hash));
  const here = await log.blobs.where("hash").anyOf([...wanted]).toArray();
  const refused = here.filter((row) => row.refused);
  return {
    device,
    head: await headOf(device),
    receipt,
    unsent: rows.filter(({ quarantined }) => !quarantined).length,
    quarantined: rows.flatMap(({ seq, quarantined }) => (quarantined ? [{ seq, reason: quarantined }] : [])),
    blobsHere: here.length - refused.length,
    blobsLost: wanted.size - here.length,
    blobsRefused: refused.map(({ hash, refused }) => ({ hash, reason: refused })),
  };
}

export const isClear = (one: Standing): boolean =>
  one.unsent === 0 && one.blobsHere === 0 && one.quarantined.length === 0 && one.blobsRefused.length === 0;

/** Those put apart are sent again only when a person asks; `all` when the server has lost the device. */
export async function toSend(device: string, again: boolean, all: boolean): Promise<OutboxRow[]> {
  const rows = all ? await rowsOf(device) : await openRows(device);
  return rows.filter(({ quarantined }) => again || !quarantined);
}

export const blobOf = async (hash: string): Promise<ArrayBuffer | null> => {
  const row = await log.blobs.get(hash);
  return row && !row.refused ? row.data : null;
};

export async function markQuarantined(device: string, hash: string, reason: string): Promise<void> {
  await log.outbox.where("device").equals(device).filter((row) => row.hash === hash).modify({ quarantined: reason });
  announce("receipt");
}

export async function markBlobRefused(hash: string, reason: string): Promise<void> {
  await log.blobs.update(hash, { refused: reason });
  announce("receipt");
}

/** A row as the receipt leaves it; null when it is to be forgotten. */
function after(row: OutboxRow, receipt: Receipt, upTo: number, missing: Set<string>): OutboxRow | null {
  if (!coversOurs(receipt, row.seq, upTo)) return { ...row, open: 1, covered: null };
  if (row.quarantined && upTo !== Infinity) return { ...row, open: 1, covered: null };
  const waits = row.blobs.some((hash) => missing.has(hash));
  if (!waits && forgettable(row.covered, receipt.at)) return null;
  return { ...row, open: 0, covered: row.covered ?? receipt.at, quarantined: "" };
}

/** Covered rows too are looked at once a day, when a receipt may cover less, or is of another chain. */
function looksBack(receipt: Receipt, before: Receipt | null): boolean {
  if (!before || receipt.gaps.length || before.gaps.length) return true;
  if (receipt.contiguous < before.contiguous || receipt.highest < before.highest) return true;
  return receipt.at.slice(0, 10) !== before.at.slice(0, 10);
}

/** Keeps the receipt, notes since when each event is covered, and forgets what was covered for 30 days. */
export async function keepReceipt(receipt: Receipt, signed: SignedReceipt, held: Head | null): Promise<void> {
  const { device } = receipt;
  const missing = new Set(receipt.missing_blobs);
  await log.transaction("rw", log.receipts, log.outbox, log.blobs, log.heads, async () => {
    const upTo = proven(receipt, await ownHash(device, receipt.contiguous), held);
    const back = upTo !== Infinity || looksBack(receipt, await receiptOf(device));
    const rows = back ? await rowsOf(device) : await openRows(device);
    await log.receipts.put({ device, signed, held });
    const changed: OutboxRow[] = [];
    for (const row of rows) {
      const next = after(row, receipt, upTo, missing);
      if (!next) {
        await log.outbox.delete([device, row.seq]);
        await log.blobs.bulkDelete(row.blobs);
      } else if (next.open !== row.open || next.covered !== row.covered) {
        changed.push(next);
      }
    }
    await log.outbox.bulkPut(changed);
  });
  announce("receipt");
}

/** After the server has lost a device that it had acknowledged: everything is to be sent once more. */
export async function reopen(device: string): Promise<void> {
  await log.transaction("rw", log.receipts, log.outbox, async () => {
    await log.receipts.delete(device);
    await log.outbox.where("device").equals(device).modify({ open: 1, covered: null });
  });
}

/** Everything of a device that receipts do not cover, with its files, as the file to hand in. */
export async function outboxFile(device: string): Promise<OutboxFile> {
  const receipt = await receiptOf(device);
  const rows = await openRows(device);
  const hashes = new Set([...(receipt?.missing_blobs ?? []), ...rows.flatMap(({ blobs }) => blobs)]);
  const blobs: Record<string, string> = {};
  for (const row of await log.blobs.bulkGet([...hashes])) {
    if (row) blobs[row.hash] = b64(new Uint8Array(row.data));
  }
  const events = rows.map(({ body, sig }) => ({ body, sig }));
  return { format: FORMAT, base: location.host, device, head: await headOf(device), events, blobs };
}
