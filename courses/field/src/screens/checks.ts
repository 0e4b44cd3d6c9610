/** What has to be right before a trip: each check answers, none changes anything. */

import { clockOffset } from "../store/clock.ts";
import { packLabel } from "../store/pack.ts";
import { keep, setting } from "../store/shelf.ts";

export type Light = "green" | "red" | "unknown";
export interface Check {
  name: "worker" | "pack" | "persist" | "space" | "camera" | "clock" | "write" | "wechat";
  light: Light;
  n: number;
}

export const inWechat = (): boolean => /MicroMessenger/i.test(navigator.userAgent);

async function worker(): Promise<Light> {
  if (!("serviceWorker" in navigator) || !("caches" in self)) return "red";
  const ready = (await navigator.serviceWorker.getRegistration("/field/"))?.active;
  return ready && (await caches.match("/field/", { ignoreSearch: true })) ? "green" : "red";
}

const DAY = 86_400_000;

async function pack(): Promise<Light> {
  const label = await packLabel();
  return label && Date.now() - Date.parse(label.fetched_at) < 3 * DAY ? "green" : "red";
}

async function persist(): Promise<Light> {
  return (await navigator.storage?.persisted?.()) ? "green" : "red";
}

async function space(): Promise<[Light, number]> {
  const found = await navigator.storage?.estimate?.();
  if (!found?.quota) return ["unknown", 0];
  const mb = Math.floor((found.quota - (found.usage ?? 0)) / 1_000_000);
  return [mb >= 200 ? "green" : "red", mb];
}

/** Asked for once by the trainer; the answer is kept, since a browser shows no list before it is allowed. */
async function camera(): Promise<Light> {
  const tried = await setting<boolean>("camera");
  return tried === undefined ? "unknown" : tried ? "green" : "red";
}

export async function tryCamera(): Promise<void> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    for (const track of stream.getTracks()) track.stop();
    await keep("camera", true);
  } catch {
    await keep("camera", false);
  }
}

function clock(): [Light, number] {
  const offset = clockOffset();
  if (offset === null) return ["unknown", 0];
  return [Math.abs(offset) < 120_000 ? "green" : "red", Math.round(Math.abs(offset) / 1000)];
}

const WRITE = "trainbase-field-write";

/** Writes into the database, then reloads; `finishWrite` compares. */
export async function startWrite(): Promise<void> {
  const value = String(Math.random());
  await keep("write_test", value);
  await keep("write", false);
  sessionStorage.setItem(WRITE, value);
  location.reload();
}

export async function finishWrite(): Promise<void> {
  const wanted = sessionStorage.getItem(WRITE);
  if (!wanted) return;
  sessionStorage.removeItem(WRITE);
  await keep("write", (await setting<string>("write_test")) === wanted);
}

async function write(): Promise<Light> {
  const done = await setting<boolean>("write");
  return done === undefined ? "unknown" : done ? "green" : "red";
}

export async function runChecks(): Promise<Check[]> {
  const [free, mb] = await space();
  const [time, seconds] = clock();
  return [
    { name: "wechat", light: inWechat() ? "red" : "green", n: 0 },
    { name: "worker", light: await worker(), n: 0 },
    { name: "pack", light: await pack(), n: 0 },
    { name: "persist", light: await persist(), n: 0 },
    { name: "space", light: free, n: mb },
    { name: "camera", light: await camera(), n: 0 },
    { name: "clock", light: time, n: seconds },
    { name: "write", light: await write(), n: 0 },
  ];
}
