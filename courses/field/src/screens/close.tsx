/** Closing a session: who is unmarked, how many were counted, how long it was. */

import { useState } from "preact/hooks";
import { headcount } from "../pure/reading.ts";
import { t } from "../words/say.ts";
import { Button, Field, Notice, Title } from "./parts.tsx";
import { PhotoField, type Photo } from "./photo.tsx";
import { back, go } from "./route.ts";
import type { Session } from "./usesession.ts";

const whole = (value: string): number | null => (/^\d{1,4}$/.test(value.trim()) ? Number(value) : null);

export function CloseForm({ session }: { session: Session }) {
  const { reading, entries } = session;
  const { id, number, minutes: planned } = session.session;
  const marked = headcount(reading);
  const [count, setCount] = useState(String(marked));
  const [minutes, setMinutes] = useState(String(planned));
  const [photo, setPhoto] = useState<Photo | null>(null);
  const [tried, setTried] = useState(false);
  const unmarked = entries.filter(({ key }) => !reading.marks.has(key));
  const fault = (value: string) => (tried && whole(value) === null ? t("number_bad") : undefined);

  const save = async () => {
    setTried(true);
    const [heads, held] = [whole(count), whole(minutes)];
    if (heads === null || held === null) return;
    const done = await session.write({
      payload: (head) => ({ kind: "session_closed", session: id, headcount: heads, minutes: held, photo: photo?.hash ?? null, head }),
      blobs: photo ? [photo] : [],
    });
    if (done) go(`session/${id}`);
  };
  return (
    <div id="close-form">
      <Title onBack={back}>{t("close_title")} · {t("session_n", { n: number })}</Title>
      {unmarked.length ? (
        <Notice kind="warn" id="close-unmarked">
          <p>{t("close_unmarked", { n: unmarked.length })}</p>
          <p>{unmarked.slice(0, 30).map(({ name }) => name).join("、")}{unmarked.length > 30 ? " …" : ""}</p>
        </Notice>
      ) : (
        <Notice kind="ok"><p>{t("close_unmarked_none")}</p></Notice>
      )}
      <Field id="headcount" label={t("headcount")} inputMode="numeric" value={count} onInput={setCount} maxLength={4} fault={fault(count)} {...(whole(count) !== marked ? { help: t("headcount_differs", { n: marked }) } : {})} />
      <Field id="held" label={t("held_minutes")} inputMode="numeric" value={minutes} onInput={setMinutes} maxLength={4} fault={fault(minutes)} />
      <PhotoField id="close-photo" label={t("photo_optional")} photo={photo} onPhoto={setPhoto} />
      <Button id="close-do" wide onClick={save}>{t("close_do")}</Button>
    </div>
  );
}
