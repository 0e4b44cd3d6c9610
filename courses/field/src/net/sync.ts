/**
 * Sends when it can: at the start, when the network comes back, when the app is looked at, on a timer
 * that waits longer after each failure, and when the trainer asks. Background Sync is not used: it does
 * not exist in half of the browsers that trainers have, and is unreliable in the others.
 */

import { currentDevice, keepKeys } from "../store/device.ts";
import { announce, listen } from "../store/news.ts";
import { log } from "../store/log.ts";
import { headOf } from "../store/append.ts";
import * as outbox from "../store/outbox.ts";
import { waitBefore } from "../pure/retry.ts";
import { alone } from "./lock.ts";
import { ask, NoAnswer, type Why } from "./wire.ts";
import { deliver, Forged, type Load } from "./deliver.ts";

export type Problem = Why | "forged" | "device_unknown" | "broken";

export interface SyncState {
  busy: boolean;
  problem: Problem | null;
  /** HTTP status that came with the problem, 0 without one. */
  status: number;
  account: "" | "token_unknown" | "device_revoked";
  progress: { done: number; total: number; what: "events" | "blobs" } | null;
  nextAt: number | null;
}

let state: SyncState = { busy: false, problem: null, status: 0, account: "", progress: null, nextAt: null };
const watchers = new Set<() => void>();
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let lastContact = 0;

export const syncState = (): SyncState => state;

export function watchSync(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function say(change: Partial<SyncState>): void {
  state = { ...state, ...change };
  for (const watcher of watchers) watcher();
}

async function loadOf(device: string, again: boolean): Promise<Load> {
  const row = await log.devices.get(device);
  return {
    device,
    head: await headOf(device),
    token: row?.current ? row.token : "",
    items: (all) => outbox.toSend(device, again, all),
    receiptKeys: [...(row?.receiptKeys ?? [])],
    receipt: await outbox.receiptOf(device),
    held: await outbox.heldOf(device),
    own: (seq) => outbox.ownHash(device, seq),
    blob: outbox.blobOf,
    onUnknown: () => outbox.reopen(device),
    onQuarantined: (hash, reason) => outbox.markQuarantined(device, hash, reason),
    onReceipt: outbox.keepReceipt,
    onBlobRefused: outbox.markBlobRefused,
    onAccount: (account) => say({ account }),
    onProgress: (done, total, what) => say({ progress: { done, total, what } }),
  };
}

/** One question that tells whether the server is there, what time it is, and whether keys have changed. */
async function greet(): Promise<void> {
  const device = await currentDevice();
  const answer = await ask("status", device?.token ? { token: device.token } : {});
  if (!device) return;
  if (answer.status === 401) say({ account: "token_unknown" });
  else if (answer.data?.device === "revoked" || answer.status === 403) say({ account: "device_revoked" });
  else if (answer.status === 200) say({ account: "" });
  const { sealing_key, receipt_key } = answer.data ?? {};
  if (sealing_key && receipt_key) await keepKeys(device.device, sealing_key, receipt_key);
}

async function run(again: boolean): Promise<void> {
  if (again || Date.now() - lastContact > 600_000) await greet();
  lastContact = Date.now();
  const current = await currentDevice();
  const devices = new Set(await outbox.devicesWithRows());
  if (current) devices.add(current.device);
  for (const device of devices) {
    if (!(await deliver(await loadOf(device, again))) && (await headOf(device)).seq > 0) {
      say({ problem: "device_unknown" });
    }
  }
}

function problemOf(error: unknown): Pick<SyncState, "problem" | "status"> {
  if (error instanceof NoAnswer) return { problem: error.why, status: error.status };
  if (error instanceof Forged) return { problem: "forged", status: 0 };
  console.error(error);
  return { problem: "broken", status: 0 };
}

function plan(after: number | null): void {
  clearTimeout(timer);
  timer = after === null ? undefined : setTimeout(() => void sync(), after);
  say({ nextAt: after === null ? null : Date.now() + after });
}

async function anythingLeft(): Promise<boolean> {
  const standings = await Promise.all((await outbox.devicesWithRows()).map(outbox.standingOf));
  return standings.some((one) => one.unsent > 0 || one.blobsHere > 0);
}

/** `again` sends also what the server has put apart: the trainer has pressed the button. */
export async function sync(again = false): Promise<void> {
  if (state.busy) return;
  say({ busy: true, problem: null, status: 0, progress: null });
  let wait = 0;
  try {
    const done = await alone("sync", () => run(again));
    failures = done && state.problem ? failures + 1 : 0;
  } catch (error) {
    failures += 1;
    wait = error instanceof NoAnswer ? error.wait * 1000 : 0;
    say(problemOf(error));
  }
  say({ busy: false, progress: null });
  announce("receipt");
  if (failures) plan(Math.max(wait, waitBefore(failures)));
  else plan((await anythingLeft()) ? waitBefore(2) : 600_000);
}

/** Written just now: send soon, but let the trainer's next taps come into the same batch. */
function soon(): void {
  if (!failures && !state.busy) plan(3_000);
}

export function startSync(): void {
  const now = () => {
    failures = 0;
    void sync();
  };
  addEventListener("online", now);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") now();
  });
  listen((news) => {
    if (news === "log") soon();
  });
  now();
}
