/** One session: its class, its people, and what this phone has written about it. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { proposed } from "../pure/minutes.ts";
import type { Mark, PackClass, PackSession, Payload, Person } from "../pure/protocol.ts";
import { personKey } from "../pure/protocol.ts";
import { read, union, type Reading, type Written } from "../pure/reading.ts";
import type { Findable } from "../pure/search.ts";
import type { Draft } from "../store/append.ts";
import { writtenOf } from "../store/journal.ts";
import { listen } from "../store/news.ts";
import { openClass, openPhotos, type ClassChunk } from "../store/pack.ts";
import { t } from "../words/say.ts";
import { record, useApp } from "./state.ts";

export interface Entry extends Findable {
  key: string;
  person: Person;
  card: string;
  photo: string;
}

export interface Session {
  session: PackSession;
  one: PackClass;
  entries: Entry[];
  reading: Reading;
  /** What the server had read when the pack was made, by person. */
  known: Map<string, Mark>;
  write: (...drafts: Draft[]) => Promise<boolean>;
  say: (payload: Payload, blobs?: Draft["blobs"]) => Promise<boolean>;
  mark: (entry: Entry, mark: Mark, how: "tap" | "card", minutes?: number, reason?: string) => Promise<boolean>;
}

const picture = (b64: string | undefined): string =>
  b64 ? "data:image/jpeg;base64," + b64.replace(/-/g, "+").replace(/_/g, "/") : "";

function entriesOf(chunk: ClassChunk, photos: Record<string, string>, reading: Reading): Entry[] {
  const listed = chunk.people.map(({ enrolment, name, initials, id, card }) => {
    const person = { enrolment };
    return { key: personKey(person), person, name, initials, id, card, photo: picture(photos[enrolment]) };
  });
  const walkIns = reading.walkIns.map(({ walk_in, name, id }) => {
    const person = { walk_in };
    return { key: personKey(person), person, name, initials: "", id, card: "", photo: "" };
  });
  return [...listed, ...walkIns];
}

export const nameOf = (session: Session, key: string): string =>
  session.entries.find((entry) => entry.key === key)?.name ?? key;

export function useSession(id: number): Session | null {
  const { index, key } = useApp();
  const session = index?.sessions.find((found) => found.id === id);
  const one = index?.classes.find((found) => found.id === session?.class);
  const [chunk, setChunk] = useState<ClassChunk | null>(null);
  const [photos, setPhotos] = useState<Record<string, string>>({});
  const [events, setEvents] = useState<Written[] | null>(null);
  const all = useRef<Written[] | null>(null); // at once, where `events` is as of the last drawing
  const before = useRef<Promise<unknown>>(Promise.resolve());
  const take = (events: Written[]) => {
    all.current = events;
    setEvents(events);
  };

  useEffect(() => {
    if (!key || !one) return;
    void openClass(key, one.id).then(setChunk);
    void openPhotos(key, one.id).then((found) => found && setPhotos(found));
  }, [key, one?.id, index]);

  useEffect(() => {
    if (!key) return;
    const load = () => writtenOf(key, id).then((found) => take(union(found, all.current ?? [])));
    void load();
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const stop = listen((news) => {
      if (news !== "log") return;
      clearTimeout(waiting); // what another tab has written; our own is shown at once
      waiting = setTimeout(load, 400);
    });
    return () => {
      stop();
      clearTimeout(waiting);
    };
  }, [key, id]);

  const reading = useMemo(() => read(events ?? []), [events]);
  const entries = useMemo(() => (chunk ? entriesOf(chunk, photos, reading) : []), [chunk, photos, reading]);
  const known = useMemo(() => {
    const marks = chunk?.marks.filter((mark) => mark.session === id) ?? [];
    return new Map(marks.map(({ enrolment, mark }) => [personKey({ enrolment }), mark]));
  }, [chunk, id]);
  if (!session || !one || !chunk || !events) return null;

  const write = async (...drafts: Draft[]): Promise<boolean> => {
    const written = await record(...drafts);
    if (written) take(union(all.current ?? [], written));
    return written !== null;
  };
  const say: Session["say"] = (payload, blobs) => write({ payload: () => payload, ...(blobs ? { blobs } : {}) });
  /** One after the other: two quick taps on one person are a mark and its correction. */
  const mark: Session["mark"] = (entry, mark, how, minutes, reason) => {
    const job = async () => {
      const value = minutes ?? proposed(mark, session, new Date());
      const standing = read(all.current ?? []).marks.get(entry.key);
      if (standing?.mark === mark && standing.minutes === value) return true;
      const why = reason || (standing ? t("reason_in_class") : "");
      return say({ kind: "mark", session: id, person: entry.person, mark, minutes: value, how, reason: why });
    };
    const done = before.current.then(job);
    before.current = done.catch(() => undefined);
    return done;
  };
  return { session, one, entries, reading, known, write, say, mark };
}
