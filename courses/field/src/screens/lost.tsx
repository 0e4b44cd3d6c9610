/** The browser has thrown the database away, or set it back: says loudly which numbers may be gone. */

import { useEffect, useState } from "preact/hooks";
import type { Receipt } from "../pure/protocol.ts";
import { lost, type Trace } from "../pure/trace.ts";
import { askReceipt, receiptKeysOf, type Load } from "../net/deliver.ts";
import { log } from "../store/log.ts";
import { keep, setting, shelf } from "../store/shelf.ts";
import { wipeTraces } from "../store/traces.ts";
import { t } from "../words/say.ts";
import { Button, Notice, runs, Title } from "./parts.tsx";
import { go } from "./route.ts";
import { record, set, state } from "./state.ts";

interface Loss {
  device: string;
  runs: [number, number][];
}

async function receiptFor(device: string): Promise<Receipt | null> {
  const nothing = async () => undefined;
  const load: Load = {
    device,
    head: null,
    token: "",
    items: async () => [],
    receiptKeys: await receiptKeysOf(device),
    receipt: null,
    held: null,
    own: async () => null,
    blob: async () => null,
    onUnknown: nothing,
    onQuarantined: nothing,
    onReceipt: nothing,
    onBlobRefused: nothing,
    onAccount: () => undefined,
    onProgress: () => undefined,
  };
  return askReceipt(load);
}

async function runsOf(trace: Trace): Promise<[number, number][]> {
  const receipt = await receiptFor(trace.device);
  const rows = await log.outbox.where("device").equals(trace.device).toArray();
  return lost(trace, new Set(rows.map(({ seq }) => seq)), receipt);
}

/** After enrolling again: a `loss` event for each run that is gone, so that the server asks no more for it. */
export async function reportLoss(): Promise<void> {
  let found = await setting<Loss[]>("lost");
  if (!found) {
    found = [];
    for (const trace of state().missing) found.push({ device: trace.device, runs: await runsOf(trace).catch(() => [[1, trace.seq]]) });
  }
  const reason = t("lost_reason");
  const drafts = found.flatMap(({ device, runs }) =>
    runs.map(([from, to]) => ({ payload: () => ({ kind: "loss" as const, device, from, to, reason }) })),
  );
  await wipeTraces();
  if (drafts.length && !(await record(...drafts))) return;
  await shelf.settings.delete("lost");
  set({ missing: [] });
}

function One({ trace, onKnown }: { trace: Trace; onKnown: (loss: Loss) => void }) {
  const [found, setFound] = useState<[number, number][] | null | "failed">(null);
  useEffect(() => {
    runsOf(trace).then(
      (runs) => {
        setFound(runs);
        onKnown({ device: trace.device, runs });
      },
      () => setFound("failed"),
    );
  }, [trace.device]);
  const device = trace.device.slice(0, 8);
  if (found === null) return <Notice kind="warn"><p>{t("lost_asking")}</p></Notice>;
  if (found === "failed") return <Notice kind="bad"><p>{t("lost_ask_failed", { device, to: trace.seq })}</p></Notice>;
  if (!found.length) return <Notice kind="ok"><p>{t("lost_none", { n: trace.seq })}</p></Notice>;
  return <Notice kind="bad" id="lost-runs"><p>{t("lost_runs", { device, list: runs(found) })}</p></Notice>;
}

export function Lost({ missing }: { missing: Trace[] }) {
  const [known, setKnown] = useState<Loss[]>([]);
  const learn = (loss: Loss) =>
    setKnown((before) => {
      const next = [...before.filter(({ device }) => device !== loss.device), loss];
      if (next.length === missing.length) void keep("lost", next);
      return next;
    });
  const clear = known.length === missing.length && known.every(({ runs }) => !runs.length);
  const goOn = async () => {
    await wipeTraces();
    await shelf.settings.delete("lost");
    set({ missing: [] });
  };
  return (
    <div id="lost">
      <Title>{t("lost_title")}</Title>
      {missing.map((trace) => <One key={trace.device} trace={trace} onKnown={learn} />)}
      {clear && !state().device ? (
        <Button id="lost-go-on" wide onClick={goOn}>{t("go_on")}</Button>
      ) : (
        <>
          <p>{t("lost_after_enrol")}</p>
          <Button id="lost-enrol" wide onClick={() => go("enrol")}>{t("enrol_again")}</Button>
        </>
      )}
    </div>
  );
}
