/** One person: another mark, other minutes, the reason, the signature. */

import { useState } from "preact/hooks";
import { isPartial, MARKS, minutesFit, proposed } from "../pure/minutes.ts";
import type { Mark } from "../pure/protocol.ts";
import { t } from "../words/say.ts";
import { Button, Field, Sheet } from "./parts.tsx";
import { SignPad } from "./sign.tsx";
import type { Entry, Session } from "./usesession.ts";

interface Props {
  session: Session;
  entry: Entry;
  wanted: Mark | undefined;
  onClose: () => void;
}

export function PersonSheet({ session, entry, wanted, onClose }: Props) {
  const { reading } = session;
  const standing = reading.marks.get(entry.key);
  const start = wanted ?? standing?.mark ?? "present";
  const first = !wanted && standing ? standing.minutes : proposed(start, session.session, new Date());
  const [mark, setMark] = useState<Mark>(start);
  const [minutes, setMinutes] = useState(String(first));
  const [reason, setReason] = useState("");
  const [fault, setFault] = useState<"" | "minutes" | "reason">("");
  const [signing, setSigning] = useState(false);
  const planned = session.session.minutes;
  const mustSay = reading.closed !== null && standing !== undefined;

  const choose = (next: Mark) => {
    setMark(next);
    setMinutes(String(proposed(next, session.session, new Date())));
  };
  const save = async () => {
    const value = isPartial(mark) ? Number(minutes) : proposed(mark, session.session, new Date());
    if (!minutesFit(mark, value, planned)) return setFault("minutes");
    if (mustSay && !reason.trim()) return setFault("reason");
    const why = reason.trim() || (standing?.mark === mark ? t("reason_minutes") : "");
    if (await session.mark(entry, mark, "tap", value, standing ? why : "")) onClose();
  };

  return (
    <Sheet title={`${entry.name} ${entry.id.slice(-4)}`} onClose={onClose}>
      {signing ? (
        <SignPad session={session} entry={entry} onDone={onClose} />
      ) : (
        <div id="person">
          <div class="marks" role="group" aria-label={entry.name}>
            {MARKS.map((one) => (
              <button type="button" key={one} data-choose={one} class={`mark ${one}`} aria-pressed={one === mark} onClick={() => choose(one)}>{t(one)}</button>
            ))}
          </div>
          {isPartial(mark) && (
            <Field id="minutes" label={t("minutes_in_class")} inputMode="numeric" value={minutes} onInput={setMinutes} fault={fault === "minutes" ? t("minutes_bad", { n: planned - 1 }) : undefined} />
          )}
          {standing && <Field id="reason" label={t("reason")} value={reason} onInput={setReason} maxLength={200} fault={fault === "reason" ? t("reason_needed") : undefined} />}
          <Button id="person-save" wide onClick={save}>{standing ? t("change") : t("save")}</Button>
          <Button id="person-sign" plain wide onClick={() => setSigning(true)}>{reading.signed.has(entry.key) ? `${t("sign_clear")} (${t("signed")})` : t("sign")}</Button>
        </div>
      )}
    </Sheet>
  );
}
