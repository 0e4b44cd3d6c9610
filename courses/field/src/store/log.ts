/**
 * The database of what must never be lost. Its version stays 1 for ever: rows of the outbox are opaque,
 * and an upgrade that fails would put them out of reach. What may change lies in the other database.
 */

import Dexie, { type Table } from "dexie";
import type { Head, PublicKey, SignedReceipt } from "../pure/protocol.ts";
import type { Box } from "../seal/box.ts";

export interface OutboxRow {
  device: string;
  seq: number;
  uuid: string;
  hash: string;
  body: string;
  sig: string;
  blobs: string[];
  /** 1 until a receipt covers it. An index, so that a long outbox costs nothing while marks are made. */
  open: 0 | 1;
  /** Time of the first of the receipts that have covered it without a break; null when none does. */
  covered: string | null;
  /** Why the server has put it apart; "" when it has not. */
  quarantined: string;
}

export interface BlobRow {
  hash: string;
  device: string;
  data: ArrayBuffer;
  /** Why the server will not take it; "" when it has not said so. */
  refused: string;
}

export interface JournalRow {
  device: string;
  seq: number;
  session: number;
  hash: string;
  wall: string;
  box: Box;
}

export interface HeadRow {
  device: string;
  seq: number;
  hash: string;
}

export interface DeviceRow {
  device: string;
  token: string;
  current: 0 | 1;
  enrolledAt: string;
  base: { name: string; name_en: string };
  trainer: { name: string };
  sealingKey: PublicKey;
  receiptKeys: PublicKey[];
}

export interface ReceiptRow {
  device: string;
  signed: SignedReceipt;
  /** The newest own event that the server confirmed by its hash while its chain was not the phone's. */
  held?: Head | null;
}

class Log extends Dexie {
  outbox!: Table<OutboxRow, [string, number]>;
  blobs!: Table<BlobRow, string>;
  journal!: Table<JournalRow, [string, number]>;
  heads!: Table<HeadRow, string>;
  devices!: Table<DeviceRow, string>;
  keys!: Table<{ name: string; pair: CryptoKeyPair }, string>;
  receipts!: Table<ReceiptRow, string>;

  constructor() {
    super("trainbase-field", { chromeTransactionDurability: "strict" });
    this.version(1).stores({
      outbox: "[device+seq], device, [device+open]",
      blobs: "hash, device",
      journal: "[device+seq], session",
      heads: "device",
      devices: "device",
      keys: "name",
      receipts: "device",
    });
  }
}

export const log = new Log();
