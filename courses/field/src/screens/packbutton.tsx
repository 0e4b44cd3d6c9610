/** Downloads the pack, and says how far it is. */

import { useState } from "preact/hooks";
import { fetchPack, fetchPhotos, Refused, type Step } from "../net/fetchpack.ts";
import { isFull } from "../store/append.ts";
import { NoAnswer } from "../net/wire.ts";
import { isWord, said, t } from "../words/say.ts";
import { Button, Notice } from "./parts.tsx";
import { set, useApp } from "./state.ts";

function why(error: unknown): string {
  if (isFull(error)) return t("full");
  if (error instanceof Refused) return said(error.said);
  const word = error instanceof NoAnswer ? `problem_${error.why}` : "";
  return isWord(word) ? t(word, { status: (error as NoAnswer).status }) : String((error as Error)?.message ?? error);
}

export function PackButton() {
  const { device, key, label } = useApp();
  const [step, setStep] = useState<Step | null>(null);
  const [fault, setFault] = useState("");
  if (!device || !key) return null;

  const get = async () => {
    setFault("");
    try {
      const index = await fetchPack(device, key, setStep);
      set({ index });
      await fetchPhotos(device, key, index, setStep);
    } catch (error) {
      setFault(why(error));
    } finally {
      setStep(null);
    }
  };

  return (
    <div class="pack">
      {!label && <Notice kind="warn"><p>{t("pack_none")}</p></Notice>}
      {step && (
        <div role="status" id="pack-step">
          <p>{step.what === "pack" ? t("pack_getting", { kb: Math.round(step.read / 1024) }) : t("pack_photos", { n: step.read + 1, total: step.total })}</p>
          <progress aria-label={t("pack_get")} {...(step.total ? { value: step.read, max: step.total } : {})} />
        </div>
      )}
      {!step && label && <p id="pack-done" role="status">{t("pack_done", { n: label.people })}</p>}
      {fault && <Notice kind="bad"><p>{t("pack_failed", { why: fault })}</p></Notice>}
      <Button id="pack-get" wide onClick={get}>{label ? t("pack_again") : t("pack_get")}</Button>
    </div>
  );
}
