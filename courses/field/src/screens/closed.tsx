/** A closed session: what was written, and the code for the village liaison. */

import { useState } from "preact/hooks";
import { witnessCode, witnessLink } from "../pure/witness.ts";
import { t } from "../words/say.ts";
import { Button, Field, Title } from "./parts.tsx";
import { Qr } from "./qr.tsx";
import { go } from "./route.ts";
import { useApp } from "./state.ts";
import type { Session } from "./usesession.ts";

function Reopen({ session }: { session: Session }) {
  const [asked, setAsked] = useState(false);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const reopen = async () => {
    setTried(true);
    if (reason.trim()) await session.say({ kind: "session_reopened", session: session.session.id, reason: reason.trim() });
  };
  if (!asked) return <Button id="reopen" plain wide onClick={() => setAsked(true)}>{t("reopen")}</Button>;
  return (
    <div id="reopen-form">
      <Field id="reopen-reason" label={t("reopen_reason")} help={t("reopen_help")} value={reason} onInput={setReason} maxLength={200} fault={tried && !reason.trim() ? t("reason_short") : undefined} />
      <Button id="reopen-do" wide onClick={reopen}>{t("reopen")}</Button>
    </div>
  );
}

export function ClosedView({ session }: { session: Session }) {
  const { device } = useApp();
  const { closed } = session.reading;
  const { one } = session;
  if (!closed || !device) return null;
  const code = witnessCode(closed.seq, closed.hash);
  const hours = Math.round((closed.minutes / (one.minutes_per_hour || 45)) * 10) / 10;
  return (
    <div id="closed">
      <Title onBack={() => go("")}>{one.code} · {t("session_n", { n: session.session.number })} · {t("closed_title")}</Title>
      <p class="verdict">{t("closed_facts", { head: closed.headcount, minutes: closed.minutes, hours })}</p>
      <h2>{t("witness")}</h2>
      <p class="code" id="witness">{code}</p>
      <Qr text={witnessLink(location.origin, device.device, closed.seq, closed.hash)} label={t("witness")} />
      <p>{t("witness_help")}</p>
      <Reopen session={session} />
    </div>
  );
}
