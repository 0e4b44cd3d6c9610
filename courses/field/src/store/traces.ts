/** Copies of the newest number outside the database: a browser may evict one kind of storage alone. */

import { newest, readTrace, writeTrace, type Trace } from "../pure/trace.ts";

const NAME = "trainbase-field-trace";
const URL_IN_CACHE = "/field/trace";

function fromCookie(): string | undefined {
  return document.cookie.split("; ").find((part) => part.startsWith(NAME + "="))?.slice(NAME.length + 1);
}

function setCookie(value: string, seconds: number): void {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${NAME}=${value}; path=/field; max-age=${seconds}; samesite=strict${secure}`;
}

const cached = () => (typeof caches === "undefined" ? Promise.reject(new Error("none")) : caches.open(NAME));

/** Never fails: the event is written, and a copy that cannot be is no reason to say otherwise. */
export function leaveTrace(trace: Trace): void {
  const value = writeTrace(trace);
  try {
    localStorage.setItem(NAME, value);
  } catch {
    /* full, or forbidden */
  }
  try {
    setCookie(value, 400 * 86_400);
  } catch {
    /* forbidden */
  }
  cached().then((cache) => cache.put(URL_IN_CACHE, new Response(value))).catch(() => undefined);
}

export async function findTraces(): Promise<Trace[]> {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(NAME);
  } catch {
    /* forbidden */
  }
  const kept = await cached().then((cache) => cache.match(URL_IN_CACHE)).catch(() => undefined);
  return newest([stored, fromCookie(), await kept?.text()].map(readTrace));
}

export async function wipeTraces(): Promise<void> {
  localStorage.removeItem(NAME);
  setCookie("", 0);
  await cached().then((cache) => cache.delete(URL_IN_CACHE)).catch(() => undefined);
}
