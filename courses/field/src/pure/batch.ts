/** Cuts what is to be sent into requests that a server takes whole. */

import { MAX_BATCH, MAX_EVENTS, type WireEvent } from "./protocol.ts";
import { utf8 } from "./bytes.ts";

/** Room for the members around the events, and for the commas. */
const AROUND = 1024;

export function weight(event: WireEvent): number {
  return utf8(JSON.stringify({ body: event.body, sig: event.sig })).length + 1;
}

/** The first batch of `events`: at most `most` events and 256 KB, at least one. */
export function firstBatch<E extends WireEvent>(events: E[], most = MAX_EVENTS): E[] {
  const batch: E[] = [];
  let size = AROUND;
  for (const event of events.slice(0, Math.min(most, MAX_EVENTS))) {
    size += weight(event);
    if (batch.length && size > MAX_BATCH) break;
    batch.push(event);
  }
  return batch;
}
