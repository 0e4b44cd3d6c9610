/**
 * Appends to the chain. Sealing and signing wait for WebCrypto, which a transaction of IndexedDB does not
 * survive: so events are made on the head that was read, and one strict transaction writes them, their
 * files and the new head only if the head is still that one. Two tabs can never fork the chain.
 */

import { sealInfo, sealTo } from "../seal/hpke.ts";
import { sign } from "../seal/keys.ts";
import { close } from "../seal/box.ts";
import { sha256, utf8, uuid } from "../pure/bytes.ts";
import { MAX_BODY, ZEROS, type EventBody, type Head, type Payload } from "../pure/protocol.ts";
import type { Written } from "../pure/reading.ts";
import { boot, contact, mono } from "./clock.ts";
import { log, type BlobRow, type DeviceRow, type JournalRow, type OutboxRow } from "./log.ts";
import { leaveTrace } from "./traces.ts";
import { announce } from "./news.ts";

export const VERSION = typeof __VERSION__ === "string" ? __VERSION__ : "0";

export interface Draft {
  payload: (head: Head) => Payload;
  blobs?: { hash: string; data: ArrayBuffer }[];
}

export class Full extends Error {}
class Overtaken extends Error {}

interface Made {
  row: OutboxRow;
  journal: JournalRow | null;
  blobs: BlobRow[];
  written: Written;
}

export interface Pen {
  device: DeviceRow;
  pair: CryptoKeyPair;
  /** Data key of the journal; null writes no copy for reading back. */
  key: CryptoKey | null;
  pack: string;
}

async function make(pen: Pen, head: Head, draft: Draft): Promise<Made> {
  const { device } = pen.device;
  const seq = head.seq + 1;
  const payload = draft.payload(head);
  const kept = draft.blobs ?? [];
  const { kid, public_key } = pen.device.sealingKey;
  const event: EventBody = {
    v: 1,
    app: VERSION,
    uuid: uuid(),
    device,
    seq,
    prev: head.hash,
    wall: new Date().toISOString(),
    mono: mono(),
    boot,
    contact: contact(),
    pack: pen.pack,
    kid,
    blobs: kept.map(({ hash }) => hash),
    sealed: await sealTo(public_key, sealInfo(device, seq), utf8(JSON.stringify(payload))),
  };
  const body = JSON.stringify(event);
  const bytes = utf8(body);
  if (bytes.length > MAX_BODY) throw new RangeError("event too large");
  const hash = await sha256(bytes);
  const row: OutboxRow = {
    device,
    seq,
    uuid: event.uuid,
    hash,
    body,
    sig: await sign(pen.pair, body),
    blobs: event.blobs,
    open: 1,
    covered: null,
    quarantined: "",
  };
  const written = { seq, hash, wall: event.wall, payload };
  const session = "session" in payload && payload.session ? payload.session : 0;
  const journal = pen.key && { device, seq, session, hash, wall: event.wall, box: await close(pen.key, payload) };
  const blobs = kept.map(({ hash, data }) => ({ hash, device, data, refused: "" }));
  return { row, journal, blobs, written };
}

export async function headOf(device: string): Promise<Head> {
  const found = await log.heads.get(device);
  return found ? { seq: found.seq, hash: found.hash } : { seq: 0, hash: ZEROS };
}

async function write(device: string, before: Head, made: Made[]): Promise<void> {
  const last = made[made.length - 1]!.row;
  await log.transaction("rw", log.heads, log.outbox, log.blobs, log.journal, async () => {
    const now = await headOf(device);
    if (now.seq !== before.seq || now.hash !== before.hash) throw new Overtaken();
    await log.outbox.bulkAdd(made.map(({ row }) => row));
    await log.blobs.bulkPut(made.flatMap(({ blobs }) => blobs));
    await log.journal.bulkAdd(made.flatMap(({ journal }) => (journal ? [journal] : [])));
    await log.heads.put({ device, seq: last.seq, hash: last.hash });
  });
  leaveTrace({ device, seq: last.seq });
}

export function isFull(error: unknown): boolean {
  const { name, inner } = error as { name?: string; inner?: { name?: string } };
  return name === "QuotaExceededError" || inner?.name === "QuotaExceededError";
}

async function appendNow(pen: Pen, drafts: Draft[]): Promise<Written[]> {
  for (;;) {
    const before = await headOf(pen.device.device);
    const made: Made[] = [];
    let head = before;
    for (const draft of drafts) {
      const next = await make(pen, head, draft);
      made.push(next);
      head = { seq: next.row.seq, hash: next.row.hash };
    }
    try {
      await write(pen.device.device, before, made);
    } catch (error) {
      if (error instanceof Overtaken) continue;
      if (isFull(error)) throw new Full();
      throw error;
    }
    announce("log");
    return made.map(({ written }) => written);
  }
}

let queue: Promise<unknown> = Promise.resolve();

/** All of `drafts` or none, in this order. Throws `Full` when the phone has no room; then nothing is written. */
export function append(pen: Pen, drafts: Draft[]): Promise<Written[]> {
  if (!drafts.length) return Promise.resolve([]);
  const done = queue.then(() => appendNow(pen, drafts));
  queue = done.catch(() => undefined);
  return done;
}
