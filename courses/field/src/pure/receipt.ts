/** What a receipt says has arrived. Only a receipt says so: an answer "stored" alone does not. */

import type { Head, Receipt, SignedReceipt } from "./protocol.ts";
import { fromB64, utf8 } from "./bytes.ts";

export function covers(receipt: Receipt | null, seq: number): boolean {
  if (!receipt || seq > receipt.highest) return false;
  if (seq <= receipt.contiguous) return true;
  return !receipt.gaps.some(([from, to]) => from <= seq && seq <= to);
}

/** Gaps that nobody has declared lost: what the server still waits for. */
export function awaited({ gaps, lost = [] }: Receipt): [number, number][] {
  let left = gaps;
  for (const { from, to } of lost) {
    left = left.flatMap(([first, last]) => {
      const parts: [number, number][] = [[first, Math.min(last, from - 1)], [Math.max(first, to + 1), last]];
      return parts.filter(([start, end]) => start <= end);
    });
  }
  return left;
}

/**
 * Up to which of the phone's own numbers the receipt speaks of the phone's own chain. A profile that was put
 * back writes numbers again that the server has with other words: then a number alone proves nothing.
 * `own` is the phone's hash at `contiguous`: "" when it has not written so far, null when it has forgotten it.
 * `held` is the newest own event that the server has confirmed by its hash since the chains parted.
 */
export function proven(receipt: Receipt, own: string | null, held: Head | null): number {
  if (!receipt.contiguous || own === null || own === receipt.chain_head) return Infinity;
  return held?.seq ?? 0;
}

/** Whether this very event has arrived, not only one with its number. */
export const coversOurs = (receipt: Receipt | null, seq: number, upTo: number): boolean =>
  seq <= upTo && covers(receipt, seq);

const HASH = /^[0-9a-f]{64}$/;
const count = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

/** The receipt of a body whose signature was checked; null when it says nothing we understand. */
export function readReceipt(body: string, device: string): Receipt | null {
  let found: Receipt;
  try {
    found = JSON.parse(body) as Receipt;
  } catch {
    return null;
  }
  if (found?.v !== 1 || found.device !== device || !found.at) return null;
  if (![found.contiguous, found.highest, found.head].every(count)) return null;
  const lists = [found.gaps, found.forks, found.missing_blobs, found.unreadable];
  if (!lists.every(Array.isArray)) return null;
  if (!found.gaps.every((gap) => Array.isArray(gap) && count(gap[0]) && count(gap[1]))) return null;
  if (found.lost && !(Array.isArray(found.lost) && found.lost.every((run) => count(run?.from) && count(run?.to)))) return null;
  return found.missing_blobs.every((hash) => HASH.test(hash)) ? found : null;
}

export async function signedBy(receipt: SignedReceipt, publicKey: string): Promise<boolean> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  try {
    const key = await crypto.subtle.importKey("raw", fromB64(publicKey), algorithm, false, ["verify"]);
    const how = { name: "ECDSA", hash: "SHA-256" };
    return await crypto.subtle.verify(how, key, fromB64(receipt.sig), utf8(receipt.body));
  } catch {
    return false;
  }
}

/** A later receipt counts, also when it covers less: the server may have been set back. */
export function isNewer(found: Receipt, before: Receipt | null): boolean {
  return !before || found.at >= before.at;
}

export const DAYS_KEPT = 30;

/** Whether receipts have covered an event long enough for the phone to forget it. */
export function forgettable(coveredAt: string | null, receiptAt: string): boolean {
  if (!coveredAt) return false;
  return Date.parse(receiptAt) - Date.parse(coveredAt) >= DAYS_KEPT * 86_400_000;
}
