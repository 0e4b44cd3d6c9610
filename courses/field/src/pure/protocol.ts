/** The shapes of docs/reference/field-protocol.md. */

export type Mark = "present" | "late" | "early_leave" | "excused" | "absent";
export type Person = { enrolment: number } | { walk_in: string };
export type Position = { lat: number; lon: number; accuracy: number };
export type Head = { seq: number; hash: string };

export type Payload =
  | { kind: "session_opened"; session: number; place: string; photo: string | null; position: Position | null }
  | { kind: "mark"; session: number; person: Person; mark: Mark; minutes: number; how: "tap" | "card" | "all"; reason: string }
  | { kind: "signature"; session: number; person: Person; image: string }
  | { kind: "walk_in"; session: number; walk_in: string; name: string; id_number: string; phone: string; village: string }
  | { kind: "roll_call"; session: number; asked_at: string; asked: Person[]; here: Person[] }
  | { kind: "photo"; session: number; image: string; note: string }
  | { kind: "position"; session: number; position: Position }
  | { kind: "session_closed"; session: number; headcount: number; minutes: number; photo: string | null; head: Head }
  | { kind: "session_reopened"; session: number; reason: string }
  | { kind: "note"; session: number | null; text: string }
  | { kind: "loss"; device: string; from: number; to: number; reason: string };

export interface Contact {
  at: string;
  mono: number;
  boot: string;
}

export interface EventBody {
  v: 1;
  app: string;
  uuid: string;
  device: string;
  seq: number;
  prev: string;
  wall: string;
  mono: number;
  boot: string;
  contact: Contact | null;
  pack: string;
  kid: string;
  blobs: string[];
  sealed: string;
}

export interface WireEvent {
  body: string;
  sig: string;
}

export interface PublicKey {
  kid: string;
  public_key: string;
}

export interface SignedReceipt {
  body: string;
  sig: string;
  kid: string;
}

export interface Receipt {
  v: number;
  device: string;
  at: string;
  contiguous: number;
  chain_head: string;
  highest: number;
  head: number;
  gaps: [number, number][];
  forks: number[];
  missing_blobs: string[];
  unreadable: { seq: number; reason: string }[];
  /** Of the gaps, and above: what a phone has declared lost. An older server does not say. */
  lost?: { from: number; to: number; reason: string }[];
}

export interface Result {
  hash: string;
  seq: number;
  result: "stored" | "duplicate" | "quarantined";
  reason: string | null;
}

export interface PackClass {
  id: number;
  code: string;
  project: string;
  project_en: string;
  place: string;
  village: string;
  starts_on: string;
  ends_on: string;
  minutes_per_hour: number;
}

export interface PackSession {
  id: number;
  class: number;
  number: number;
  held_on: string;
  starts_at: string;
  kind: string;
  minutes: number;
  topic: string;
}

export interface PackPerson {
  enrolment: number;
  class: number;
  name: string;
  initials: string;
  id: string;
  card: string;
  photo: boolean;
}

export interface Pack {
  etag: string;
  made_at: string;
  base: { name: string; name_en: string };
  trainer: { name: string };
  classes: PackClass[];
  sessions: PackSession[];
  people: PackPerson[];
  villages: { code: string; name: string; township: string; lat: number | null; lon: number | null }[];
  marks: { session: number; enrolment: number; mark: Mark; minutes: number }[];
}

export const ZEROS = "0".repeat(64);
export const MAX_EVENTS = 100;
export const MAX_BATCH = 256 * 1024;
export const PIECE = 256 * 1024;
export const MAX_BODY = 32 * 1024;
export const MAX_TEXT = 500;

export const personKey = (person: Person): string =>
  "enrolment" in person ? `e${person.enrolment}` : `w${person.walk_in}`;
