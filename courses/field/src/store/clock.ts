/** What an event says of time: the phone's clock, a clock that cannot be set, the last word of the server. */

import type { Contact } from "../pure/protocol.ts";
import { uuid } from "../pure/bytes.ts";
import { keep, setting } from "./shelf.ts";

export const boot = uuid();
export const mono = (): number => Math.round(performance.now());

let last: Contact | null = null;
let offset: number | null = null;

export const contact = (): Contact | null => last;
/** Milliseconds by which this phone's clock is ahead of the server's; null before the first answer. */
export const clockOffset = (): number | null => offset;

export async function loadContact(): Promise<void> {
  last = (await setting<Contact>("contact")) ?? null;
  offset = (await setting<number>("clock_offset")) ?? null;
}

/** `asked` is the monotonic time at which the question was sent. */
export async function heardFrom(serverTime: string, asked: number): Promise<void> {
  const now = mono();
  last = { at: serverTime, mono: now, boot };
  offset = Math.round(Date.now() - (now - asked) / 2 - Date.parse(serverTime));
  await keep("contact", last);
  await keep("clock_offset", offset);
}
