/** The file that carries what a phone could not send: anybody may hand it in. */

import type { Head, WireEvent } from "./protocol.ts";

export const FORMAT = "trainbase-outbox/1";

export interface OutboxFile {
  format: typeof FORMAT;
  base: string;
  device: string;
  head: Head | null;
  events: WireEvent[];
  blobs: Record<string, string>;
}

export type FileFault = "file_not_json" | "file_not_outbox";

const isEvent = (event: unknown): event is WireEvent =>
  typeof (event as WireEvent)?.body === "string" && typeof (event as WireEvent)?.sig === "string";

/**
 * The file, or why it is none. Its `base` is not looked at: a base may have got another host since, and
 * the server knows its own devices.
 */
export function readFile(content: string): OutboxFile | FileFault {
  let found: OutboxFile;
  try {
    found = JSON.parse(content.replace(/^\ufeff/, "")) as OutboxFile;
  } catch {
    return "file_not_json";
  }
  if (found?.format !== FORMAT || typeof found.device !== "string") return "file_not_outbox";
  if (!Array.isArray(found.events) || !found.events.every(isEvent)) return "file_not_outbox";
  if (typeof found.blobs !== "object" || !found.blobs) return "file_not_outbox";
  return found;
}
