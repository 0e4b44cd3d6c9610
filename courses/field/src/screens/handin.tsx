/** Hands in the file of somebody else's phone. No sign-in: the signatures inside say who wrote. */

import { useState } from "preact/hooks";
import { fromB64, sha256, utf8 } from "../pure/bytes.ts";
import { readFile, type OutboxFile } from "../pure/outboxfile.ts";
import type { Receipt } from "../pure/protocol.ts";
import { coversOurs, proven } from "../pure/receipt.ts";
import { deliver, Forged, receiptKeysOf, type Item, type Load } from "../net/deliver.ts";
import { ask, NoAnswer } from "../net/wire.ts";
import type { Standing } from "../store/outbox.ts";
import { t, type Word } from "../words/say.ts";
import { Button, Notice, Title } from "./parts.tsx";
import { back } from "./route.ts";
import { reasonWord, StandingView } from "./sync.tsx";

function seqOf(body: string): number {
  try {
    return Number((JSON.parse(body) as { seq: number }).seq) || 0;
  } catch {
    return 0; // the server says what is wrong with it
  }
}

async function itemsOf(file: OutboxFile): Promise<Item[]> {
  const make = async ({ body, sig }: OutboxFile["events"][number]) => ({ body, sig, seq: seqOf(body), hash: await sha256(utf8(body)) });
  return Promise.all(file.events.map(make));
}

/** What the file's own chain has under a number, as far as the file shows it. */
function ownOf(file: OutboxFile, items: Item[], seq: number): string | null {
  const found = items.find((item) => item.seq === seq);
  if (found) return found.hash;
  const next = items.find((item) => item.seq === seq + 1);
  if (next) return String((JSON.parse(next.body) as { prev?: string }).prev);
  if (file.head?.seq === seq) return file.head.hash;
  const last = file.head?.seq ?? Math.max(0, ...items.map((item) => item.seq));
  return last < seq ? "" : null;
}

interface Outcome {
  standing: Standing;
  apart: string[];
}

async function handIn(file: OutboxFile, progress: (done: number, total: number) => void): Promise<Outcome> {
  const items = await itemsOf(file);
  const apart: string[] = [];
  const refused: { hash: string; reason: string }[] = [];
  const nothing = async () => undefined;
  const load: Load = {
    device: file.device,
    head: file.head,
    token: "",
    items: async () => items,
    receiptKeys: await receiptKeysOf(file.device),
    receipt: null,
    held: null,
    own: async (seq) => ownOf(file, items, seq),
    blob: async (hash) => {
      const found = file.blobs[hash];
      return found === undefined ? null : fromB64(found).buffer;
    },
    onUnknown: nothing,
    onQuarantined: async (_hash, reason) => void apart.push(reason),
    onReceipt: nothing,
    onBlobRefused: async (hash, reason) => void refused.push({ hash, reason }),
    onAccount: () => undefined,
    onProgress: progress,
  };
  const receipt: Receipt | null = await deliver(load);
  const head = file.head ?? { seq: items.length, hash: "" };
  const upTo = receipt ? proven(receipt, await load.own(receipt.contiguous), load.held) : 0;
  const unsent = items.filter(({ seq }) => !coversOurs(receipt, seq, upTo)).length - apart.length;
  const standing = { device: file.device, head, receipt, unsent: Math.max(0, unsent), quarantined: [], blobsHere: 0, blobsLost: 0, blobsRefused: refused };
  return { standing, apart };
}

export function HandIn() {
  const [file, setFile] = useState<OutboxFile | null>(null);
  const [fault, setFault] = useState("");
  const [done, setDone] = useState<Outcome | null>(null);
  const [step, setStep] = useState("");

  const choose = async (chosen: File | undefined) => {
    setDone(null);
    setFault("");
    const found = chosen && readFile(await chosen.text());
    if (typeof found === "string") setFault(t(found));
    setFile(typeof found === "object" ? found : null);
  };
  const send = async () => {
    if (!file) return;
    setFault("");
    try {
      const { data } = await ask(`status?device=${encodeURIComponent(file.device)}`);
      if (data?.device === "unknown") return setFault(t("file_other_base"));
      setDone(await handIn(file, (n, total) => setStep(t("sync_busy_events", { done: n, total }))));
    } catch (error) {
      if (error instanceof Forged) setFault(t("problem_forged"));
      else if (error instanceof NoAnswer) setFault(t(`problem_${error.why}` as Word, { status: error.status }));
      else setFault(t("file_not_json"));
    } finally {
      setStep("");
    }
  };
  return (
    <div id="handin">
      <Title onBack={back}>{t("handin")}</Title>
      <p>{t("handin_help")}</p>
      <div class="field">
        <label for="handin-file">{t("handin_choose")}</label>
        <input id="handin-file" type="file" accept=".tbx,application/octet-stream,application/json" onChange={(event) => void choose(event.currentTarget.files?.[0])} />
      </div>
      {file && <p id="handin-read" role="status">{t("handin_read", { n: file.events.length, blobs: Object.keys(file.blobs).length })}</p>}
      {fault && <Notice kind="bad" id="handin-fault"><p>{fault}</p></Notice>}
      {file && <Button id="handin-do" wide onClick={send}>{step || t("handin_do")}</Button>}
      {done && (
        <section id="handin-done">
          <h2>{t("handin_done")}</h2>
          {done.apart.length > 0 && <Notice kind="bad"><p>{t("handin_put_apart", { n: done.apart.length, why: reasonWord(done.apart[0]!) })}</p></Notice>}
          <StandingView one={done.standing} />
        </section>
      )}
    </div>
  );
}
