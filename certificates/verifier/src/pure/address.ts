/** What a QR code holds, before anything of it is believed. Compared as text: a browser's own reading of
 * addresses folds full-width dots, other alphabets and names before `@` into what they only look like. */

import { LONGEST } from "./token.ts";

export type Scanned =
  | { kind: "ours"; code: string; token: string }
  | { kind: "bare"; code: string } // ours, without a token
  | { kind: "other_host"; host: string }
  | { kind: "too_long" }
  | { kind: "broken" } // our host, and then no certificate
  | { kind: "not_ours" }; // no address

/** `origin` is of the one host whose codes are ours: https://centre.example.cn */
export function readScan(content: string, origin: string): Scanned {
  const text = content.trim();
  const [, scheme, host, rest] = /^([^:/?#\s]{1,20}):\/\/([^/?#]*)(.*)$/s.exec(text) ?? [];
  if (scheme === undefined) return { kind: "not_ours" };
  if (!isAscii(scheme + host) || `${scheme}://${host}`.toLowerCase() !== origin) {
    return { kind: "other_host", host: shown(`${scheme}://${host}`) };
  }
  if (rest!.length > LONGEST + 24) return { kind: "too_long" };
  const [, code, token] = /^\/c\/([0-9A-HJKMNP-TV-Z]{20})(?:#([A-Za-z0-9_-]*))?$/.exec(rest!) ?? [];
  if (code === undefined) return { kind: "broken" };
  if (!token) return { kind: "bare", code };
  return token.length > LONGEST ? { kind: "too_long" } : { kind: "ours", code, token };
}

const isAscii = (text: string) => /^[\x21-\x7e]*$/.test(text);

/** A foreign address so that it cannot look like another: what is not ASCII is spelled out. */
function shown(address: string): string {
  const letters = Array.from(address.slice(0, 120), (c) => (isAscii(c) ? c : `[U+${c.codePointAt(0)!.toString(16).toUpperCase()}]`));
  return letters.join("") + (address.length > 120 ? "…" : "");
}
