/** One scan from the text of a QR code to its verdict. */

import { readScan, type Scanned } from "../pure/address.ts";
import { judge, keyOf, type Verdict } from "../pure/judge.ts";
import { readToken, type Token } from "../pure/token.ts";
import { ask, refreshStatuses, refreshTrust, type Outcome } from "../net/refresh.ts";
import { verify } from "../proof/ed25519.ts";
import { keptStatuses, keptTrust } from "../store/shelf.ts";
import type { Refusal } from "../words.ts";

export type Result =
  | { kind: "judged"; verdict: Verdict; token: Token; page: string; outcome: Outcome }
  | { kind: "refused"; why: Refusal | "signature"; host?: string; page?: string };

/** Where codes of ours lead: the host that the list names, or before there is one that of this page. */
export async function ourOrigin(): Promise<string> {
  return `${location.protocol}//${(await keptTrust())?.host ?? location.host}`;
}

export async function check(content: string): Promise<Result> {
  const scanned = readScan(content, await ourOrigin());
  if (scanned.kind !== "ours") return refuse(scanned);
  const token = readToken(scanned.token);
  const page = `/c/${scanned.code}`;
  if (!token) return { kind: "refused", why: "signature", page };
  const [outcome, said] = await Promise.all([refreshTrust(), ask(scanned.code)]);
  const trust = await keptTrust();
  if (!trust) return { kind: "refused", why: "no_lists", page };
  const issuer = keyOf(token, trust)?.issuer;
  const wanted = issuer !== undefined && token.place ? { issuer, list: token.place.list } : null;
  const fetched = wanted ? await refreshStatuses(wanted.issuer, wanted.list) : "current";
  const statuses = wanted ? await keptStatuses(wanted.issuer, wanted.list) : null;
  // A host whose lists are not believed is not asked either.
  const asked = outcome === "current" || outcome === "older" ? said : null;
  const current = outcome === "current" && fetched === "current";
  const verdict = await judge(token, { trust, statuses, current, asked, now: Date.now() }, verify);
  return { kind: "judged", verdict, token, page: `${page}#${scanned.token}`, outcome };
}

function refuse(scanned: Exclude<Scanned, { kind: "ours" }>): Result {
  const host = scanned.kind === "other_host" ? scanned.host : undefined;
  const page = scanned.kind === "bare" ? `/c/${scanned.code}` : undefined;
  return { kind: "refused", why: scanned.kind, host, page };
}
