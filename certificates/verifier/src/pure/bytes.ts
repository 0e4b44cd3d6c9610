export type Bytes = Uint8Array<ArrayBuffer>;

/** Reads base64url without padding in its one spelling; null for anything else. */
export function fromB64url(text: string): Bytes | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const again = btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  return again === text ? Uint8Array.from(binary, (c) => c.charCodeAt(0)) : null; // else bits after the end
}

export const hex = (bytes: Bytes): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Strict UTF-8; throws TypeError. */
export const utf8 = (bytes: Bytes): string => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
