/** When to try again: soon at first, then every ten minutes; never all phones at the same second. */

const STEPS = [5, 15, 45, 120, 300, 600];

export function waitBefore(failures: number, random: () => number = Math.random): number {
  const seconds = STEPS[Math.min(failures, STEPS.length) - 1] ?? STEPS[0]!;
  return Math.round(seconds * 1000 * (0.8 + 0.4 * random()));
}

/** Wrong PINs in a row, to the seconds before the next try. */
export function pinWait(wrong: number): number {
  return wrong < 5 ? 0 : Math.min(30 * 2 ** (wrong - 5), 900);
}
