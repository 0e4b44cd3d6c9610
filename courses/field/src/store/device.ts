/** Which device this phone is, and the PIN before its pack. */

import { makeKeyPair } from "../seal/keys.ts";
import { newDataKey, unwrap, type Wrapped } from "../seal/box.ts";
import type { PublicKey } from "../pure/protocol.ts";
import { pinWait } from "../pure/retry.ts";
import { log, type DeviceRow } from "./log.ts";
import { keep, setting, shelf } from "./shelf.ts";
import { dropPack } from "./pack.ts";
import { announce } from "./news.ts";

/** Made once and kept over every enrolment: one phone, one key. */
export async function devicePair(): Promise<CryptoKeyPair> {
  const found = await log.keys.get("device");
  if (found) return found.pair;
  const pair = await makeKeyPair();
  return log.transaction("rw", log.keys, async () => {
    const other = await log.keys.get("device"); // made by another tab meanwhile
    if (!other) await log.keys.add({ name: "device", pair });
    return other?.pair ?? pair;
  });
}

export const currentDevice = async (): Promise<DeviceRow | null> =>
  (await log.devices.toArray()).find(({ current }) => current === 1) ?? null;

export interface Enrolled {
  device: string;
  token: string;
  base: { name: string; name_en: string };
  trainer: { name: string };
  sealing_key: PublicKey;
  receipt_key: PublicKey;
  server_time: string;
}

const withKey = (keys: PublicKey[], key: PublicKey): PublicKey[] =>
  keys.some(({ kid }) => kid === key.kid) ? keys : [...keys, key];

export async function keepDevice(answer: Enrolled): Promise<DeviceRow> {
  const row = await log.transaction("rw", log.devices, async () => {
    const before = await log.devices.get(answer.device);
    await log.devices.toCollection().modify({ current: 0 });
    const row: DeviceRow = {
      device: answer.device,
      token: answer.token,
      current: 1,
      enrolledAt: answer.server_time,
      base: answer.base,
      trainer: answer.trainer,
      sealingKey: answer.sealing_key,
      receiptKeys: withKey(before?.receiptKeys ?? [], answer.receipt_key),
    };
    await log.devices.put(row);
    return row;
  });
  announce("device");
  return row;
}

/** The base has changed a key; the old receipt keys stay, receipts signed with them are kept here. */
export async function keepKeys(device: string, sealing: PublicKey, receipt: PublicKey): Promise<void> {
  await log.devices.where("device").equals(device).modify((row) => {
    row.sealingKey = sealing;
    row.receiptKeys = withKey(row.receiptKeys, receipt);
  });
}

/**
 * Leaves the outbox, the key and the devices: what is unsent can be sent by anybody, signed in or not.
 * A forgotten PIN comes here too: with the token left, whoever finds the phone could choose a new PIN
 * and fetch the list again.
 */
export async function signOut(): Promise<void> {
  await log.devices.toCollection().modify({ current: 0, token: "" });
  await dropReadable();
  announce("device");
}

// The PIN.

export const hasPin = async (): Promise<boolean> => (await setting<Wrapped>("pin")) !== undefined;

export async function setPin(pin: string): Promise<CryptoKey> {
  const { key, wrapped } = await newDataKey(pin);
  await keep("pin", wrapped);
  await keep("pin_wrong", { count: 0, at: 0 });
  return key;
}

export type Tried = { key: CryptoKey } | { wrong: number; wait: number };

/** Seconds left before the next try, after many wrong ones. A clock set back does not lengthen it. */
export async function pinLocked(now = Date.now()): Promise<number> {
  const { count, at } = (await setting<{ count: number; at: number }>("pin_wrong")) ?? { count: 0, at: 0 };
  const gone = (now - at) / 1000;
  return gone < 0 ? 0 : Math.max(0, Math.ceil(pinWait(count) - gone));
}

export async function tryPin(pin: string): Promise<Tried> {
  const wrapped = await setting<Wrapped>("pin");
  const before = (await setting<{ count: number; at: number }>("pin_wrong"))?.count ?? 0;
  const wait = await pinLocked();
  if (wait) return { wrong: before, wait };
  const key = wrapped ? await unwrap(pin, wrapped) : null;
  await keep("pin_wrong", { count: key ? 0 : before + 1, at: Date.now() });
  return key ? { key } : { wrong: before + 1, wait: pinWait(before + 1) };
}

/** The pack and this phone's reading of its own events go; what is to be sent stays. */
export async function dropReadable(): Promise<void> {
  await dropPack();
  await shelf.settings.bulkDelete(["pin", "pin_wrong"]);
  await log.journal.clear();
}
