/** Scans trainees' cards, one after the other: whoever is scanned is marked present. */

import { useEffect, useRef, useState } from "preact/hooks";
import { makeReader, type Reader } from "../shared/codes.ts";
import { findCard } from "../store/pack.ts";
import { t } from "../words/say.ts";
import { Notice, Sheet } from "./parts.tsx";
import { state } from "./state.ts";
import type { Session } from "./usesession.ts";

const cardOf = (content: string): string | null =>
  /^TB1\.[A-Za-z0-9_-]{22}$/.test(content.trim()) ? content.trim() : null;

type Said = { text: string; bad: boolean } | null;

async function meet(session: Session, content: string): Promise<Said> {
  const card = cardOf(content);
  if (!card) return { text: t("scan_not_card"), bad: true };
  const entry = session.entries.find((found) => found.card === card);
  if (entry) {
    const standing = session.reading.marks.get(entry.key);
    if (standing) return { text: t("scan_again_same", { name: entry.name, mark: t(standing.mark) }), bad: false };
    const done = await session.mark(entry, "present", "card");
    return done ? { text: t("mark_saved", { name: entry.name, mark: t("present") }), bad: false } : null;
  }
  const { key, index } = state();
  const person = key && index ? await findCard(key, index, card) : null;
  if (!person) return { text: t("scan_stranger"), bad: true };
  const code = index!.classes.find(({ id }) => id === person.class)?.code ?? "";
  return { text: t("scan_other_class", { name: person.name, code }), bad: true };
}

export function ScanSheet({ session, onClose }: { session: Session; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const now = useRef(session);
  now.current = session;
  const [said, setSaid] = useState<Said>(null);
  const [fault, setFault] = useState("");
  const reader = useRef<Promise<Reader> | null>(null);
  const readerOf = () => (reader.current ??= makeReader());

  useEffect(() => {
    let stop = false;
    let stream: MediaStream | null = null;
    let last = "";
    const watch = async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      } catch (error) {
        return setFault(t("scan_no_camera", { why: (error as Error).name }));
      }
      const element = video.current;
      if (stop || !element) return stream.getTracks().forEach((track) => track.stop());
      element.srcObject = stream;
      await element.play().catch(() => undefined);
      const read = await readerOf();
      while (!stop) {
        const content = element.readyState >= 2 ? await read(element).catch(() => "") : "";
        if (content && content !== last) {
          last = content;
          navigator.vibrate?.(80);
          setSaid(await meet(now.current, content));
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    watch().catch(() => setFault(t("scan_no_reader")));
    return () => {
      stop = true;
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);

  const fromPhoto = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    try {
      const read = await readerOf();
      const content = await read(file).catch(() => "");
      setSaid(content ? await meet(now.current, content) : { text: t("scan_none"), bad: true });
    } catch {
      setFault(t("scan_no_reader"));
    }
  };
  return (
    <Sheet title={t("scan")} onClose={onClose}>
      <div id="scan">
        <p>{t("scan_help")}</p>
        <video ref={video} class="camera" playsInline muted aria-label={t("scan")} />
        {said && <Notice kind={said.bad ? "bad" : "ok"} id="scan-said"><p>{said.text}</p></Notice>}
        {fault && <Notice kind="warn"><p>{fault}</p></Notice>}
        <label class="button plain wide" for="scan-file">{t("scan_photo")}</label>
        <input id="scan-file" class="visually-hidden" type="file" accept="image/*" onChange={(event) => void fromPhoto(event.currentTarget)} />
      </div>
    </Sheet>
  );
}
