/** What this phone has written about a session, read from its own events in their order. */

import { personKey, type Head, type Mark, type Payload, type Position } from "./protocol.ts";
import { wasThere } from "./minutes.ts";

export interface Written {
  seq: number;
  hash: string;
  wall: string;
  payload: Payload;
}

export interface StandingMark {
  mark: Mark;
  minutes: number;
  seq: number;
}

export interface WalkIn {
  walk_in: string;
  name: string;
  id: string;
}

export interface Reading {
  state: "planned" | "open" | "closed";
  openedAt: string;
  place: string;
  position: Position | null;
  marks: Map<string, StandingMark>;
  signed: Set<string>;
  walkIns: WalkIn[];
  photos: string[];
  rollCalls: number;
  closed: (Head & { headcount: number; minutes: number }) | null;
}

const nothing = (): Reading => ({
  state: "planned",
  openedAt: "",
  place: "",
  position: null,
  marks: new Map(),
  signed: new Set(),
  walkIns: [],
  photos: [],
  rollCalls: 0,
  closed: null,
});

export function read(events: Written[]): Reading {
  const found = nothing();
  for (const { payload, seq, hash, wall } of events) {
    switch (payload.kind) {
      case "session_opened":
        Object.assign(found, { state: "open", openedAt: wall, place: payload.place });
        found.position = payload.position ?? found.position;
        if (payload.photo) found.photos.push(payload.photo);
        break;
      case "mark":
        found.marks.set(personKey(payload.person), { mark: payload.mark, minutes: payload.minutes, seq });
        break;
      case "signature":
        found.signed.add(personKey(payload.person));
        break;
      case "walk_in":
        found.walkIns.push({
          walk_in: payload.walk_in,
          name: payload.name,
          id: payload.id_number ? "****" + payload.id_number.slice(-4) : "",
        });
        break;
      case "photo":
        found.photos.push(payload.image);
        break;
      case "position":
        found.position = payload.position;
        break;
      case "roll_call":
        found.rollCalls += 1;
        break;
      case "session_closed":
        found.state = "closed";
        found.closed = { seq, hash, headcount: payload.headcount, minutes: payload.minutes };
        if (payload.photo) found.photos.push(payload.photo);
        break;
      case "session_reopened":
        found.state = "open";
        break;
    }
  }
  return found;
}

/**
 * `first`, then what only `later` has. What was written goes behind what is known; what was read from the
 * database goes before what has been written while it was read.
 */
export function union(first: Written[], later: Written[]): Written[] {
  const hashes = new Set(first.map(({ hash }) => hash));
  return [...first, ...later.filter(({ hash }) => !hashes.has(hash))];
}

export function headcount(reading: Reading): number {
  return [...reading.marks.values()].filter(({ mark }) => wasThere(mark)).length;
}
