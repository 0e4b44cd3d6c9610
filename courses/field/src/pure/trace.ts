/** What is known of a device outside the database, so that a lost database does not go unnoticed. */

import type { Receipt } from "./protocol.ts";
import { covers } from "./receipt.ts";

export interface Trace {
  device: string;
  seq: number;
}

export const writeTrace = ({ device, seq }: Trace): string => `${device}.${seq}`;

export function readTrace(value: string | null | undefined): Trace | null {
  const found = /^([0-9a-f-]{36})\.(\d+)$/.exec(value ?? "");
  return found ? { device: found[1]!, seq: Number(found[2]) } : null;
}

/** The highest number that any copy knows for each device. */
export function newest(traces: (Trace | null)[]): Trace[] {
  const found = new Map<string, number>();
  for (const trace of traces) {
    if (trace) found.set(trace.device, Math.max(trace.seq, found.get(trace.device) ?? 0));
  }
  return [...found].map(([device, seq]) => ({ device, seq }));
}

/** Runs of numbers up to `trace.seq` that neither the database nor the receipt has. */
export function lost(trace: Trace, here: Set<number>, receipt: Receipt | null): [number, number][] {
  const runs: [number, number][] = [];
  for (let seq = 1; seq <= trace.seq; seq++) {
    if (here.has(seq) || covers(receipt, seq)) continue;
    const last = runs[runs.length - 1];
    if (last && last[1] === seq - 1) last[1] = seq;
    else runs.push([seq, seq]);
  }
  return runs;
}
