import { useState } from "preact/hooks";
import { t } from "../words/say.ts";
import { Button, Field, Sheet } from "./parts.tsx";
import { PhotoField, type Photo } from "./photo.tsx";
import type { Session } from "./usesession.ts";

export function PhotoSheet({ session, onClose }: { session: Session; onClose: () => void }) {
  const [photo, setPhoto] = useState<Photo | null>(null);
  const [note, setNote] = useState("");
  const save = async () => {
    const payload = { kind: "photo" as const, session: session.session.id, image: photo!.hash, note: note.trim() };
    if (await session.say(payload, [photo!])) onClose();
  };
  return (
    <Sheet title={t("photo")} onClose={onClose}>
      <div id="photo-sheet">
        <PhotoField id="photo-file" label={t("take_photo")} photo={photo} onPhoto={setPhoto} />
        <Field id="photo-note" label={t("note_optional")} value={note} onInput={setNote} maxLength={200} />
        <Button id="photo-save" wide disabled={!photo} onClick={save}>{t("save")}</Button>
      </div>
    </Sheet>
  );
}
