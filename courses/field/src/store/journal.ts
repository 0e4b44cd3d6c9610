/** Reads this phone's own events back; they are kept under the data key, the outbox itself is sealed away. */

import { open } from "../seal/box.ts";
import { read, type Reading, type Written } from "../pure/reading.ts";
import type { Payload } from "../pure/protocol.ts";
import { log, type JournalRow } from "./log.ts";

async function opened(key: CryptoKey, row: JournalRow): Promise<Written | null> {
  try {
    return { seq: row.seq, hash: row.hash, wall: row.wall, payload: await open<Payload>(key, row.box) };
  } catch {
    return null; // written under a PIN that was forgotten
  }
}

/** In the order of each chain; the clock only says which of two devices of this phone came first. */
export function inOrder<R extends { device: string; seq: number; wall: string }>(rows: R[]): R[] {
  const first = new Map<string, string>();
  for (const row of [...rows].sort((a, b) => a.seq - b.seq)) {
    if (!first.has(row.device)) first.set(row.device, row.wall);
  }
  const began = (row: R) => first.get(row.device)! + row.device;
  return [...rows].sort((a, b) =>
    a.device === b.device ? a.seq - b.seq : began(a) < began(b) ? -1 : 1,
  );
}

export async function writtenOf(key: CryptoKey, session: number): Promise<Written[]> {
  const rows = inOrder(await log.journal.where("session").equals(session).toArray());
  const found = await Promise.all(rows.map((row) => opened(key, row)));
  return found.filter((event): event is Written => event !== null);
}

export const readingOf = async (key: CryptoKey, session: number): Promise<Reading> =>
  read(await writtenOf(key, session));

/** Which of these sessions this phone has opened or closed. */
export async function statesOf(key: CryptoKey, sessions: number[]): Promise<Map<number, Reading["state"]>> {
  const states = new Map<number, Reading["state"]>();
  const known = new Set((await log.journal.orderBy("session").uniqueKeys()) as number[]);
  for (const session of sessions.filter((id) => known.has(id))) {
    states.set(session, (await readingOf(key, session)).state);
  }
  return states;
}
