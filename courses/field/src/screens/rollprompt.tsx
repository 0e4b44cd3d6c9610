/** A roll call in mid-session, at a moment that nobody knows before, of people drawn by chance. */

import { useEffect, useState } from "preact/hooks";
import { drawPeople } from "../pure/rollcall.ts";
import { wasThere } from "../pure/minutes.ts";
import { keep, setting } from "../store/shelf.ts";
import { t } from "../words/say.ts";
import { Button, Notice, Sheet } from "./parts.tsx";
import { toast } from "./state.ts";
import type { Entry, Session } from "./usesession.ts";

interface Plan {
  moments: number[];
  done: number;
}

function useDue(session: Session): [boolean, () => Promise<void>] {
  const [due, setDue] = useState(false);
  const name = `roll:${session.session.id}`;
  const { openedAt } = session.reading;
  useEffect(() => {
    const look = async () => {
      const plan = await setting<Plan>(name);
      const moment = plan?.moments[plan.done];
      setDue(moment !== undefined && Date.now() - Date.parse(openedAt) >= moment * 60_000);
    };
    void look();
    const timer = setInterval(look, 15_000);
    return () => clearInterval(timer);
  }, [name, openedAt]);
  const done = async () => {
    const plan = await setting<Plan>(name);
    if (due && plan) await keep(name, { ...plan, done: plan.done + 1 });
    setDue(false);
  };
  return [due, done];
}

function Call({ session, onSaved, onClose }: { session: Session; onSaved: () => void; onClose: () => void }) {
  const there = session.entries.filter(({ key }) => wasThere(session.reading.marks.get(key)?.mark ?? "absent"));
  const [drawn] = useState<Entry[]>(() => drawPeople(there));
  const [asked_at] = useState(() => new Date().toISOString());
  const [here, setHere] = useState<Set<string>>(new Set());
  const turn = (key: string) => {
    const next = new Set(here);
    if (!next.delete(key)) next.add(key);
    setHere(next);
  };
  const save = async () => {
    const asked = drawn.map(({ person }) => person);
    const found = drawn.filter(({ key }) => here.has(key)).map(({ person }) => person);
    if (!(await session.say({ kind: "roll_call", session: session.session.id, asked_at, asked, here: found }))) return;
    toast(t("roll_done", { here: found.length, asked: asked.length }));
    onSaved();
  };
  return (
    <Sheet title={t("roll_call")} onClose={onClose}>
      <div id="roll-call">
        <p>{t(drawn.length ? "roll_help" : "roll_none")}</p>
        <ul class="list">
          {drawn.map(({ key, name, id }) => (
            <li key={key}>
              <button type="button" class="tile here" data-called={key} aria-pressed={here.has(key)} onClick={() => turn(key)}>
                <strong>{name} <small>{id.slice(-4)}</small></strong>
                <span class="badge">{here.has(key) ? t("roll_here") : "–"}</span>
              </button>
            </li>
          ))}
        </ul>
        {drawn.length > 0 && <Button id="roll-call-save" wide onClick={save}>{t("save")}</Button>}
      </div>
    </Sheet>
  );
}

export function RollPrompt({ session, asked, onDone }: { session: Session; asked: boolean; onDone: () => void }) {
  const [due, done] = useDue(session);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (due) navigator.vibrate?.([200, 100, 200]);
  }, [due]);
  const close = () => {
    setOpen(false);
    onDone();
  };
  const saved = () => void done().then(close);
  return (
    <>
      {due && (
        <Notice kind="warn" id="roll-due">
          <p>{t("roll_due")}</p>
          <Button id="roll-due-go" onClick={() => setOpen(true)}>{t("roll_call")}</Button>
        </Notice>
      )}
      {(open || asked) && <Call session={session} onSaved={saved} onClose={close} />}
    </>
  );
}
