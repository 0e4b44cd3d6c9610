/** Gives the sealed outbox out as a file; sharing it is the browser's own business then. */

import type { OutboxFile } from "../pure/outboxfile.ts";
import { devicesWithRows, outboxFile } from "../store/outbox.ts";
import { localDate } from "../pure/minutes.ts";
import { t } from "../words/say.ts";
import { state, tellFault, toast } from "./state.ts";

function download(file: File): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function give(outbox: OutboxFile): Promise<void> {
  const name = `${outbox.device.slice(0, 8)}-${localDate(new Date())}-${outbox.events.length}.tbx`;
  download(new File([JSON.stringify(outbox)], name, { type: "application/octet-stream" }));
}

/** Whether everything that has not arrived is in a file now. */
export async function exportAll(): Promise<boolean> {
  try {
    const devices = new Set(await devicesWithRows());
    if (state().device) devices.add(state().device!.device);
    const files = await Promise.all([...devices].map(outboxFile));
    const full = files.filter(({ events, blobs }) => events.length || Object.keys(blobs).length);
    for (const file of full) await give(file);
    const n = full.reduce((sum, { events }) => sum + events.length, 0);
    const blobs = full.reduce((sum, file) => sum + Object.keys(file.blobs).length, 0);
    toast(n || blobs ? t("export_done", { n, blobs }) : t("export_none"));
    return true;
  } catch (error) {
    tellFault(error);
    return false;
  }
}
