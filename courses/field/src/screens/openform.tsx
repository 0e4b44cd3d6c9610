/** Opening a session: place, and if wanted a photo and the position. */

import { useState } from "preact/hooks";
import { drawMoments } from "../pure/rollcall.ts";
import { localDate } from "../pure/minutes.ts";
import type { Position } from "../pure/protocol.ts";
import { keep } from "../store/shelf.ts";
import { t } from "../words/say.ts";
import { Button, Field, Notice, Title } from "./parts.tsx";
import { PhotoField, type Photo } from "./photo.tsx";
import { back } from "./route.ts";
import type { Session } from "./usesession.ts";

export function findPosition(): Promise<Position | null> {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lon: coords.longitude, accuracy: Math.round(coords.accuracy) }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
    );
  });
}

export function OpenForm({ session: { session, one, say } }: { session: Session }) {
  const [place, setPlace] = useState(one.place);
  const [photo, setPhoto] = useState<Photo | null>(null);
  const [position, setPosition] = useState<Position | null>(null);
  const [looking, setLooking] = useState<"" | "getting" | "none">("");

  const locate = async () => {
    setLooking("getting");
    const found = await findPosition();
    setPosition(found);
    setLooking(found ? "" : "none");
  };
  const open = async () => {
    const payload = { kind: "session_opened" as const, session: session.id, place: place.trim(), photo: photo?.hash ?? null, position };
    await keep(`roll:${session.id}`, { moments: drawMoments(session.minutes), done: 0 });
    await say(payload, photo ? [photo] : []);
  };
  return (
    <div id="open-form">
      <Title onBack={back}>{one.code} · {t("session_n", { n: session.number })}</Title>
      <p>{session.held_on} {session.starts_at.slice(0, 5)} · {t("minutes_n", { n: session.minutes })}</p>
      {session.held_on !== localDate(new Date()) && <Notice kind="warn" id="not-today"><p>{t("not_today", { date: session.held_on })}</p></Notice>}
      <Field id="place" label={t("place")} value={place} onInput={setPlace} maxLength={200} />
      <PhotoField id="open-photo" label={t("photo_optional")} photo={photo} onPhoto={setPhoto} />
      <Button id="locate" plain wide onClick={locate}>{t("position_optional")}</Button>
      {looking && <p role="status">{t(looking === "getting" ? "position_getting" : "position_none")}</p>}
      {position && <p role="status" class="good">{t("position_ready", { n: position.accuracy })}</p>}
      <Button id="open-do" wide onClick={open}>{t("open_session")}</Button>
    </div>
  );
}
