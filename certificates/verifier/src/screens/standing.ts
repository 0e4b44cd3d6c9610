import { FRESH } from "../pure/judge.ts";
import type { Trust } from "../pure/lists.ts";
import { keptStatuses, keptTrust } from "../store/shelf.ts";

/** `oldest` is the moment of the oldest list that is kept. */
export interface Standing {
  state: "none" | "half" | "ready" | "old";
  trust: Trust | null;
  issuers: number;
  oldest: number;
  worker: boolean;
}

export const NOTHING: Standing = { state: "none", trust: null, issuers: 0, oldest: 0, worker: false };

export async function standingNow(): Promise<Standing> {
  const trust = await keptTrust();
  const worker = Boolean((await navigator.serviceWorker?.getRegistration("/verify/").catch(() => undefined))?.active);
  if (!trust) return { ...NOTHING, worker };
  const names = new Map(trust.keys.flatMap(({ issuer, lists }) => lists.map((list) => [`${issuer}/${list}`, [issuer, list] as const])));
  const kept = await Promise.all([...names.values()].map(([issuer, list]) => keptStatuses(issuer, list)));
  const issuers = new Set(trust.keys.filter(({ use }) => use === "certificates").map(({ issuer }) => issuer)).size;
  const oldest = kept.reduce((least, found) => Math.min(least, found?.at ?? least), trust.at);
  const whole = worker && kept.every((found) => found !== null);
  const state = !whole ? "half" : Date.now() - oldest > FRESH ? "old" : "ready";
  return { state, trust, issuers, oldest, worker };
}
