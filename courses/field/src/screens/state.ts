/** What the screens share, and how it is kept up to date. */

import { useEffect, useState } from "preact/hooks";
import type { Trace } from "../pure/trace.ts";
import { append, Full, headOf, type Draft, type Pen } from "../store/append.ts";
import { currentDevice, devicePair, hasPin } from "../store/device.ts";
import { listen } from "../store/news.ts";
import { devicesWithRows, standingOf, type Standing } from "../store/outbox.ts";
import { openIndex, packLabel, type PackIndex, type PackLabel } from "../store/pack.ts";
import type { DeviceRow } from "../store/log.ts";
import type { Written } from "../pure/reading.ts";
import { findTraces } from "../store/traces.ts";
import { t } from "../words/say.ts";

export interface App {
  ready: boolean;
  device: DeviceRow | null;
  pin: boolean;
  key: CryptoKey | null;
  index: PackIndex | null;
  label: PackLabel | null;
  standing: Standing | null;
  older: Standing[];
  /** Devices of this phone of which more was written once than is here now. */
  missing: Trace[];
  toast: { text: string; bad: boolean } | null;
  update: (() => void) | null;
  lang: number;
}

let app: App = {
  ready: false,
  device: null,
  pin: false,
  key: null,
  index: null,
  label: null,
  standing: null,
  older: [],
  missing: [],
  toast: null,
  update: null,
  lang: 0,
};
const watchers = new Set<() => void>();

export const state = (): App => app;

export function set(change: Partial<App>): void {
  app = { ...app, ...change };
  for (const watcher of [...watchers]) watcher();
}

export function useApp(): App {
  const [, again] = useState(0);
  useEffect(() => {
    const watcher = () => again((n) => n + 1);
    watchers.add(watcher);
    return () => void watchers.delete(watcher);
  }, []);
  return app;
}

let fading: ReturnType<typeof setTimeout> | undefined;

export function toast(text: string, bad = false): void {
  clearTimeout(fading);
  set({ toast: { text, bad } });
  fading = setTimeout(() => set({ toast: null }), bad ? 9000 : 3500);
}

/** Says why something was not saved; nothing of it was. */
export function tellFault(error: unknown): void {
  if (error instanceof Full) return toast(t("full"), true);
  console.error(error);
  toast(t("broken", { why: String((error as Error)?.message ?? error) }), true);
}

async function findMissing(): Promise<Trace[]> {
  const missing: Trace[] = [];
  for (const trace of await findTraces()) {
    if ((await headOf(trace.device)).seq < trace.seq) missing.push(trace);
  }
  return missing;
}

/** The server has more of this chain than the phone: the database is an older copy of itself. */
function setBack(standing: Standing | null): Trace[] {
  if (!standing?.receipt || standing.receipt.highest <= standing.head.seq) return [];
  return [{ device: standing.device, seq: standing.receipt.highest }];
}

export async function refreshStanding(): Promise<void> {
  const current = app.device?.device ?? "";
  const standing = current ? await standingOf(current) : null;
  const others = (await devicesWithRows()).filter((device) => device !== current);
  const older = await Promise.all(others.map(standingOf));
  const back = setBack(standing).filter(({ device }) => !app.missing.some((one) => one.device === device));
  set({ standing, older, missing: [...app.missing, ...back] });
}

export async function refreshDevice(): Promise<void> {
  set({ device: await currentDevice(), pin: await hasPin(), label: (await packLabel()) ?? null });
  await refreshStanding();
}

export async function unlocked(key: CryptoKey): Promise<void> {
  set({ key, pin: true, index: await openIndex(key) });
}

/** Hidden for so long, the list asks for the PIN again. */
const LOCK_AFTER = 30 * 60_000;

function lockWhenAway(): void {
  let hiddenAt = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") hiddenAt = Date.now();
    else if (hiddenAt && Math.abs(Date.now() - hiddenAt) > LOCK_AFTER) set({ key: null, index: null });
  });
}

export async function start(): Promise<void> {
  lockWhenAway();
  await refreshDevice();
  set({ missing: await findMissing(), ready: true });
  await refreshStanding();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  listen((news) => {
    if (news === "device" || news === "pack") void refreshDevice();
    // At most four times a second, and not only after the last of many: news may never stop coming.
    waiting ??= setTimeout(() => {
      waiting = undefined;
      void refreshStanding();
    }, 250);
  });
}

async function pen(): Promise<Pen> {
  const { device, key, label } = app;
  if (!device) throw new Error("not enrolled");
  return { device, pair: await devicePair(), key, pack: label?.etag ?? "" };
}

/** Appends, or says why not and answers null. */
export async function record(...drafts: Draft[]): Promise<Written[] | null> {
  try {
    return await append(await pen(), drafts);
  } catch (error) {
    tellFault(error);
    return null;
  }
}
