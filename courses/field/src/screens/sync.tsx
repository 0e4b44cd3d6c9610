/** What has arrived, as the server's signed receipt says, and what the phone still holds. */

import { useEffect, useState } from "preact/hooks";
import { sync, syncState, watchSync, type SyncState } from "../net/sync.ts";
import { awaited } from "../pure/receipt.ts";
import { isClear, type Standing } from "../store/outbox.ts";
import { isWord, t, type Word } from "../words/say.ts";
import { Button, Notice, runs, Title, when } from "./parts.tsx";
import { back } from "./route.ts";
import { exportAll } from "./file.ts";
import { useApp } from "./state.ts";

export function useSync(): SyncState {
  const [, again] = useState(0);
  useEffect(() => watchSync(() => again((n) => n + 1)), []);
  return syncState();
}

/** A word of the table when there is one, else the code itself: a later server may know more. */
export const reasonWord = (code: string): string => (isWord(code) ? t(code) : code);

export function arrivedText(one: Standing): string {
  if (!one.receipt?.contiguous) return one.head.seq ? t("arrived_none") : t("nothing_yet");
  const missing = one.receipt.missing_blobs.length;
  const text = t("arrived", { n: one.receipt.contiguous });
  return missing ? `${text}${document.documentElement.lang === "en" ? "; " : "；"}${t("blobs_missing", { n: missing })}` : text;
}

export function StandingView({ one }: { one: Standing }) {
  const { receipt } = one;
  const clear = isClear(one) && !receipt?.missing_blobs.length && one.head.seq > 0;
  return (
    <div class="standing" data-device={one.device} data-unsent={one.unsent} data-head={one.head.seq} data-contiguous={receipt?.contiguous ?? 0} data-missing={receipt?.missing_blobs.length ?? 0}>
      <p class="verdict" id="arrived">{arrivedText(one)}</p>
      {clear && <Notice kind="ok"><p>{t("all_arrived")}</p></Notice>}
      {one.unsent > 0 && <Notice kind="warn" id="unsent"><p>{t("unsent_n", { n: one.unsent })}</p></Notice>}
      {receipt && awaited(receipt).length > 0 && <p>{t("gaps", { list: runs(awaited(receipt)) })}</p>}
      {receipt?.lost && receipt.lost.length > 0 && (
        <Notice kind="bad" id="declared-lost">
          <p>{t("declared_lost")}</p>
          <ul>{receipt.lost.slice(0, 20).map(({ from, to, reason }) => <li key={from}>{t("declared_lost_line", { list: runs([[from, to]]), why: reason || "—" })}</li>)}</ul>
        </Notice>
      )}
      {one.blobsLost > 0 && <Notice kind="bad"><p>{t("blobs_lost", { n: one.blobsLost })}</p></Notice>}
      {one.blobsRefused.length > 0 && <Notice kind="bad"><p>{t("blobs_refused", { n: one.blobsRefused.length, why: reasonWord(one.blobsRefused[0]!.reason) })}</p></Notice>}
      {one.quarantined.length > 0 && (
        <Notice kind="bad" id="quarantined">
          <p>{t("quarantined", { n: one.quarantined.length })}</p>
          <ul>{one.quarantined.slice(0, 20).map(({ seq, reason }) => <li key={seq}>{t("quarantine_line", { seq, why: reasonWord(reason) })}</li>)}</ul>
        </Notice>
      )}
      {receipt && receipt.unreadable.length > 0 && (
        <Notice kind="warn" id="unreadable">
          <p>{t("unreadable", { n: receipt.unreadable.length })}</p>
          <ul>{receipt.unreadable.slice(0, 20).map(({ seq, reason }) => <li key={seq}>{t("quarantine_line", { seq, why: reasonWord(reason) })}</li>)}</ul>
        </Notice>
      )}
      {receipt && receipt.forks.length > 0 && <Notice kind="bad"><p>{t("forks", { list: receipt.forks.join("、") })}</p></Notice>}
      <p class="soft">{receipt ? t("receipt_at", { when: when(receipt.at) }) : t("receipt_none")}</p>
    </div>
  );
}

function busyText({ progress }: SyncState): string {
  if (!progress) return t("sync_busy");
  return t(progress.what === "events" ? "sync_busy_events" : "sync_busy_blobs", progress);
}

export function SyncScreen() {
  const { standing, older } = useApp();
  const now = useSync();
  const seconds = now.nextAt ? Math.max(0, Math.round((now.nextAt - Date.now()) / 1000)) : 0;
  return (
    <div id="sync">
      <Title onBack={back}>{t("sync")}</Title>
      {standing && <StandingView one={standing} />}
      {now.account && <Notice kind="warn" id="account"><p>{t(`account_${now.account}`)}</p></Notice>}
      {now.problem && (
        <Notice kind="bad" id="problem">
          <p data-problem={now.problem}>{t(`problem_${now.problem}` as Word, { status: now.status })}</p>
          {seconds > 0 && <p>{t("next_try", { n: seconds })}</p>}
        </Notice>
      )}
      <button type="button" class="button wide big" id="sync-now" aria-busy={now.busy} disabled={now.busy} onClick={() => void sync(true)}>
        {now.busy ? busyText(now) : t("sync_now")}
      </button>
      {older.filter((one) => !isClear(one)).map((one) => (
        <section key={one.device}>
          <h2>{t("older_device", { name: one.device.slice(0, 8) })}</h2>
          <StandingView one={one} />
        </section>
      ))}
      <h2>{t("export")}</h2>
      <p>{t("export_help")}</p>
      <Button id="export" plain wide onClick={exportAll}>{t("export")}</Button>
    </div>
  );
}

export function Pill() {
  const { standing, older } = useApp();
  const all = [standing, ...older].filter((one): one is Standing => one !== null);
  const unsent = all.reduce((sum, one) => sum + one.unsent + one.quarantined.length, 0);
  const photos = all.reduce((sum, one) => sum + one.blobsHere + one.blobsRefused.length, 0);
  const written = all.some((one) => one.head.seq > 0);
  const text = unsent ? t("pill_unsent", { n: unsent }) : photos ? t("pill_photos", { n: photos }) : t(written ? "pill_clear" : "pill_empty");
  return <a class={`pill ${unsent || photos ? "warn" : "ok"}`} id="pill" href="#/sync" data-unsent={unsent} data-photos={photos}>{text}</a>;
}
