/** The roll call. Everybody starts unmarked. */

import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import type { Mark } from "../pure/protocol.ts";
import { search } from "../pure/search.ts";
import { t } from "../words/say.ts";
import { Button, Sheet, Title } from "./parts.tsx";
import { PersonSheet } from "./person.tsx";
import { PhotoSheet } from "./photosheet.tsx";
import { RollPrompt } from "./rollprompt.tsx";
import { Row } from "./row.tsx";
import { ScanSheet } from "./scan.tsx";
import { WalkInSheet } from "./walkin.tsx";
import { back, go } from "./route.ts";
import type { Entry, Session } from "./usesession.ts";

const PAGE = 60;
type Open = { sheet: "person"; entry: Entry; mark?: Mark } | { sheet: "scan" | "walk_in" | "photo" | "roll" } | null;

function AllPresent({ session, left }: { session: Session; left: Entry[] }) {
  const [asked, setAsked] = useState(false);
  const { id, minutes } = session.session;
  const all = async () => {
    const draft = ({ person }: Entry) => ({
      payload: () => ({ kind: "mark" as const, session: id, person, mark: "present" as const, minutes, how: "all" as const, reason: "" }),
    });
    if (await session.write(...left.map(draft))) setAsked(false);
  };
  if (!left.length) return null;
  if (!asked) return <Button id="all-present" plain wide onClick={() => setAsked(true)}>{t("all_present")}</Button>;
  return (
    <Sheet title={t("all_present")} onClose={() => setAsked(false)}>
      <p id="all-present-sure">{t("all_present_sure", { n: left.length })}</p>
      <Button id="all-present-do" wide onClick={all}>{t("all_present_do", { n: left.length })}</Button>
      <Button plain wide onClick={() => setAsked(false)}>{t("cancel")}</Button>
    </Sheet>
  );
}

export function Roll({ session }: { session: Session }) {
  const { entries, reading, known, one } = session;
  const [query, setQuery] = useState("");
  const [only, setOnly] = useState(false);
  const [shown, setShown] = useState(PAGE);
  const [open, setOpen] = useState<Open>(null);
  const now = useRef(session);
  now.current = session;

  const left = useMemo(() => entries.filter(({ key }) => !reading.marks.has(key)), [entries, reading]);
  const found = useMemo(() => search(only ? left : entries, query), [only, left, entries, query]);
  const onOpen = useCallback((entry: Entry) => setOpen({ sheet: "person", entry }), []);
  // After the session was closed once a changed mark needs its reason: asked for in the person's sheet.
  const onMark = useCallback((entry: Entry, mark: Mark) => {
    const { reading } = now.current;
    if (reading.closed && reading.marks.has(entry.key)) setOpen({ sheet: "person", entry, mark });
    else void now.current.mark(entry, mark, "tap");
  }, []);
  const close = () => setOpen(null);

  return (
    <div id="roll" data-total={entries.length} data-marked={entries.length - left.length}>
      <Title onBack={back}>{one.code} · {t("session_n", { n: session.session.number })}</Title>
      <RollPrompt session={session} asked={open?.sheet === "roll"} onDone={close} />
      <div class="finder">
        <input id="search" type="search" aria-label={t("search")} placeholder={t("search")} value={query} autoComplete="off" onInput={(event) => setQuery(event.currentTarget.value)} />
        <div class="finder-line">
          <span id="marked" role="status">{t("marked_of", { n: entries.length - left.length, total: entries.length })}</span>
          <label class="tick"><input id="only" type="checkbox" checked={only} onChange={(event) => setOnly(event.currentTarget.checked)} /> {t("only_unmarked")}</label>
        </div>
      </div>
      <ul class="people">
        {found.slice(0, shown).map((entry) => (
          <Row key={entry.key} entry={entry} standing={reading.marks.get(entry.key)} known={known.get(entry.key)} signed={reading.signed.has(entry.key)} onMark={onMark} onOpen={onOpen} />
        ))}
      </ul>
      {!found.length && <p>{t("found_none")}</p>}
      {found.length > shown && <Button plain wide onClick={() => setShown(shown + PAGE)}>{t("more", { n: Math.min(PAGE, found.length - shown) })}</Button>}
      <AllPresent session={session} left={left} />
      <nav class="bar" aria-label={t("session_n", { n: session.session.number })}>
        <button type="button" id="do-scan" onClick={() => setOpen({ sheet: "scan" })}>{t("scan")}</button>
        <button type="button" id="do-walk-in" onClick={() => setOpen({ sheet: "walk_in" })}>{t("walk_in")}</button>
        <button type="button" id="do-photo" onClick={() => setOpen({ sheet: "photo" })}>{t("photo")}</button>
        <button type="button" id="do-roll-call" onClick={() => setOpen({ sheet: "roll" })}>{t("roll_call")}</button>
        <button type="button" id="do-close" class="end" onClick={() => go(`session/${session.session.id}/close`)}>{t("end")}</button>
      </nav>
      {open?.sheet === "person" && <PersonSheet session={session} entry={open.entry} wanted={open.mark} onClose={close} />}
      {open?.sheet === "scan" && <ScanSheet session={session} onClose={close} />}
      {open?.sheet === "walk_in" && <WalkInSheet session={session} onClose={close} />}
      {open?.sheet === "photo" && <PhotoSheet session={session} onClose={close} />}
    </div>
  );
}
