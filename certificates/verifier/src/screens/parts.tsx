import type { ComponentChildren } from "preact";
import type { Tone } from "../pure/judge.ts";
import type { Pair } from "../words.ts";

/** Both languages, each marked as what it is. */
export const Both = ({ say: [zh, en] }: { say: Pair }) => (
  <>
    {zh} <span lang="en">{en}</span>
  </>
);

export function Notice({ kind, id, children }: { kind: "ok" | "warn" | "bad" | "plain"; id?: string; children: ComponentChildren }) {
  return <div class={`notice ${kind}`} id={id}>{children}</div>;
}

/** A shape for each tone: whoever sees no colours tells circle, triangle, octagon and diamond apart. */
const SHAPES: Record<Tone, [string, string]> = {
  good: ["M50 4a46 46 0 1 0 .01 0z", "m28 52 16 16 30-34"],
  old: ["M50 6 97 90H3z", "M50 36v26m0 12v1"],
  bad: ["M31 4h38l27 27v38L69 96H31L4 69V31z", "m33 33 34 34m0-34L33 67"],
  unsure: ["M50 3 97 50 50 97 3 50z", "M38 40a12 12 0 1 1 17 11q-5 3-5 9m0 11v1"],
};

export function Shape({ tone }: { tone: Tone }) {
  const [outline, sign] = SHAPES[tone];
  return (
    <svg class="shape" viewBox="0 0 100 100" aria-hidden="true">
      <path class="outline" d={outline} />
      <path class="sign" d={sign} />
    </svg>
  );
}
