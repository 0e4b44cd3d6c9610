/** The database of what can be fetched again: the sealed pack, settings of this phone. */

import Dexie, { type Table } from "dexie";
import type { Box } from "../seal/box.ts";

class Shelf extends Dexie {
  chunks!: Table<{ key: string; box: Box }, string>;
  settings!: Table<{ key: string; value: unknown }, string>;

  constructor() {
    super("trainbase-field-pack", { chromeTransactionDurability: "strict" });
    this.version(1).stores({ chunks: "key", settings: "key" });
  }
}

export const shelf = new Shelf();

export async function setting<T>(key: string): Promise<T | undefined> {
  return (await shelf.settings.get(key))?.value as T | undefined;
}

export async function keep(key: string, value: unknown): Promise<void> {
  await shelf.settings.put({ key, value });
}
