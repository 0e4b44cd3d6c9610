/** Today's sessions, and every class of the pack. */

import { useEffect, useState } from "preact/hooks";
import type { PackSession } from "../pure/protocol.ts";
import { localDate } from "../pure/minutes.ts";
import type { Reading } from "../pure/reading.ts";
import { statesOf } from "../store/journal.ts";
import type { PackIndex } from "../store/pack.ts";
import { language, t, type Word } from "../words/say.ts";
import { PackButton } from "./packbutton.tsx";
import { Title, when } from "./parts.tsx";
import { back } from "./route.ts";
import { useApp } from "./state.ts";

type States = Map<number, Reading["state"]>;

function useStates(sessions: PackSession[]): States {
  const { key, standing } = useApp();
  const [states, set] = useState<States>(new Map());
  const ids = sessions.map(({ id }) => id).join();
  useEffect(() => {
    if (key) void statesOf(key, sessions.map(({ id }) => id)).then(set);
  }, [ids, key, standing?.head.seq]);
  return states;
}

const PAGE = 40;

function Sessions({ index, sessions, named }: { index: PackIndex; sessions: PackSession[]; named: boolean }) {
  const [shown, setShown] = useState(PAGE);
  const visible = sessions.slice(0, shown);
  const states = useStates(visible);
  return (
    <>
      <ul class="list">
        {visible.map((session) => {
          const state = states.get(session.id) ?? "planned";
          const one = index.classes.find(({ id }) => id === session.class);
          return (
            <li key={session.id}>
              <a class="tile" href={`#/session/${session.id}`} data-session={session.id} data-state={state}>
                <strong>{named && one ? `${one.code} ${one.place}` : t("session_n", { n: session.number })}</strong>
                <span>{named ? t("session_n", { n: session.number }) : session.held_on} · {session.starts_at.slice(0, 5)} · {t("minutes_n", { n: session.minutes })} · {t(session.kind as Word)}</span>
                {session.topic && <span>{session.topic}</span>}
                <span class={`badge ${state}`}>{t(`state_${state}`)}</span>
              </a>
            </li>
          );
        })}
      </ul>
      {sessions.length > shown && (
        <button type="button" class="button plain wide" onClick={() => setShown(shown + PAGE)}>{t("more", { n: Math.min(PAGE, sessions.length - shown) })}</button>
      )}
    </>
  );
}

export function Home() {
  const { index, label, device } = useApp();
  const [shown, setShown] = useState(PAGE);
  if (!index) {
    return (
      <div id="home">
        <Title>{device?.trainer.name ?? t("app")}</Title>
        <PackButton />
      </div>
    );
  }
  const today = localDate(new Date());
  const sessions = index.sessions.filter(({ held_on }) => held_on === today);
  return (
    <div id="home" data-people={label?.people}>
      <Title>{t("today")}</Title>
      {sessions.length ? <Sessions index={index} sessions={sessions} named /> : <p>{t("today_none")}</p>}
      <h2>{t("classes")}</h2>
      <ul class="list" id="classes">
        {index.classes.slice(0, shown).map((one) => (
          <li key={one.id}>
            <a class="tile" href={`#/class/${one.id}`} data-class={one.id}>
              <strong>{one.code} {language() === "en" && one.project_en ? one.project_en : one.project}</strong>
              <span>{one.place} · <span class="nowrap">{one.starts_on}</span> – <span class="nowrap">{one.ends_on}</span> · <span class="nowrap">{t("people_n", { n: one.people })}</span></span>
            </a>
          </li>
        ))}
      </ul>
      {index.classes.length > shown && (
        <button type="button" class="button plain wide" onClick={() => setShown(shown + PAGE)}>{t("more", { n: Math.min(PAGE, index.classes.length - shown) })}</button>
      )}
      {label && <p class="soft">{t("pack_age", { when: when(label.fetched_at) })}</p>}
      <p><a class="button plain wide" id="to-ready" href="#/ready">{t("ready")}</a></p>
    </div>
  );
}

export function ClassScreen({ id }: { id: number }) {
  const { index } = useApp();
  const one = index?.classes.find((found) => found.id === id);
  if (!index || !one) return <Home />;
  const sessions = index.sessions.filter((session) => session.class === id).sort((a, b) => a.number - b.number);
  return (
    <div id="class">
      <Title onBack={back}>{one.code} {one.place}</Title>
      <Sessions index={index} sessions={sessions} named={false} />
    </div>
  );
}
