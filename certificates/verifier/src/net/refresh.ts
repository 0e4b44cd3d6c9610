/** Fetches the centre's signed documents from this page's own host, and keeps what may be believed. */

import type { Asked } from "../pure/judge.ts";
import { readSigned, readStatuses, type Statuses, type Trust } from "../pure/lists.ts";
import { accept, believed, Refused } from "../pure/pins.ts";
import { verify } from "../proof/ed25519.ts";
import { keepStatuses, keepTrust, keptPins, keptStatuses, keptTrust } from "../store/shelf.ts";

const PATIENCE = 6000; // milliseconds
const AT_ONCE = 4;

/** Whether what is kept is what the centre says now; else why not. */
export type Outcome = "current" | "offline" | "stranger" | "older" | "shape";

/** The text of an answer; null when it did not come. */
async function get(path: string): Promise<string | null> {
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(), PATIENCE);
  try {
    const answer = await fetch(path, { cache: "no-cache", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer", signal: given.signal });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

export async function refreshTrust(): Promise<Outcome> {
  const answer = await get("/.well-known/trainbase/trust.json");
  if (answer === null) return "offline";
  try {
    const { trust, pins } = await accept(readSigned(answer), await keptPins(), await keptTrust(), verify);
    await keepTrust(trust, pins);
    return "current";
  } catch (error) {
    return error instanceof Refused ? error.why : "shape";
  }
}

export async function refreshStatuses(issuer: string, list: number): Promise<Outcome> {
  const answer = await get(`/status/${encodeURIComponent(issuer)}/${list}.json`);
  const pins = await keptPins();
  if (answer === null || !pins) return "offline";
  try {
    const signed = readSigned(answer);
    if (!(await believed(signed, pins, verify))) return "stranger";
    const found = await readStatuses(signed.body);
    if (found.issuer !== issuer || found.list !== list) return "shape";
    const last = await keptStatuses(issuer, list);
    if (last && found.at < last.at) return "older";
    await keepStatuses(found);
    return "current";
  } catch {
    return "shape";
  }
}

/** Every list that the trust list names, a few at a time; gives how many are kept now, of how many. */
export async function refreshAll(trust: Trust): Promise<{ kept: Statuses[]; wanted: number }> {
  const names = new Map<string, [string, number]>();
  for (const { issuer, lists } of trust.keys) for (const list of lists) names.set(`${issuer}/${list}`, [issuer, list]);
  const waiting = [...names.values()];
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await refreshStatuses(...next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const kept = await Promise.all([...names.values()].map((name) => keptStatuses(...name)));
  return { kept: kept.filter((found): found is Statuses => found !== null), wanted: names.size };
}

/** What the register says of a code now; null when it did not answer. */
export async function ask(code: string): Promise<Asked | null> {
  const answer = await get(`/verify/ask/${code}.json`);
  if (answer === null) return null;
  try {
    const said = JSON.parse(answer) as Record<string, unknown>;
    const text = (name: string) => (typeof said[name] === "string" ? (said[name] as string) : "");
    if (said["v"] !== 1 || !text("status")) return null;
    const fault = Array.isArray(said["fault"]) ? said["fault"].map(String) : [];
    return { status: text("status"), number: text("number"), digest: text("digest"), gone: text("gone"), reason: text("reason"), next: text("next"), fault };
  } catch {
    return null;
  }
}

