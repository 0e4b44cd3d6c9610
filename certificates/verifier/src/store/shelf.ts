/** What is kept between visits; all of it can be fetched again. Without IndexedDB it lives as long as the page. */

import Dexie, { type Table } from "dexie";
import type { Statuses, Trust } from "../pure/lists.ts";
import type { Pins } from "../pure/pins.ts";

class Shelf extends Dexie {
  kept!: Table<{ key: string; value: unknown }, string>;

  constructor() {
    super("trainbase-verifier");
    this.version(1).stores({ kept: "key" });
  }
}

const shelf = new Shelf();
const held = new Map<string, unknown>();

async function get<T>(key: string): Promise<T | null> {
  if (held.has(key)) return held.get(key) as T;
  const row = await shelf.kept.get(key).catch(() => undefined);
  return (row?.value ?? null) as T | null;
}

async function put(rows: Record<string, unknown>): Promise<void> {
  const all = Object.entries(rows).map(([key, value]) => ({ key, value }));
  try {
    await shelf.kept.bulkPut(all); // one transaction
  } catch {
    for (const { key, value } of all) held.set(key, value);
  }
}

const nameOf = (issuer: string, list: number) => `status/${issuer}/${list}`;

export const keptTrust = () => get<Trust>("trust");
export const keptPins = () => get<Pins>("pins");
export const keepTrust = (trust: Trust, pins: Pins) => put({ trust, pins });
export const keptStatuses = (issuer: string, list: number) => get<Statuses>(nameOf(issuer, list));
export const keepStatuses = (found: Statuses) => put({ [nameOf(found.issuer, found.list)]: found });

/** Begin anew, as at the first use. */
export async function forget(): Promise<void> {
  held.clear();
  await shelf.kept.clear().catch(() => undefined);
}
