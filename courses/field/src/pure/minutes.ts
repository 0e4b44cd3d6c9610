/** Minutes in class that go with a mark, as the server's rules want them, and times of the clock. */

import type { Mark, PackSession } from "./protocol.ts";

export const MARKS: Mark[] = ["present", "late", "early_leave", "excused", "absent"];
export const isPartial = (mark: Mark): boolean => mark === "late" || mark === "early_leave";
export const wasThere = (mark: Mark): boolean => mark === "present" || isPartial(mark);

export const startOf = (session: PackSession): Date =>
  new Date(`${session.held_on}T${session.starts_at.slice(0, 5)}:00`);

const within = (minutes: number, planned: number): number =>
  Math.max(1, Math.min(planned - 1, Math.round(minutes)));

/** What the clock proposes: who comes late stays from now, who leaves early was there until now. */
export function proposed(mark: Mark, session: PackSession, now: Date): number {
  if (mark === "present") return session.minutes;
  if (!isPartial(mark)) return 0;
  const gone = (now.getTime() - startOf(session).getTime()) / 60_000;
  const sane = gone > 0 && gone < session.minutes ? gone : 15;
  return within(mark === "late" ? session.minutes - sane : sane, session.minutes);
}

export function minutesFit(mark: Mark, minutes: number, planned: number): boolean {
  if (!Number.isInteger(minutes)) return false;
  if (mark === "present") return minutes === planned;
  return isPartial(mark) ? minutes > 0 && minutes < planned : minutes === 0;
}

/** The date on this phone's calendar, as the pack writes dates. */
export function localDate(now: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
