/** A roll call in mid-session: when and who is drawn by chance, so that nobody can stay for it alone. */

export type Random = () => number;

export const chance: Random = () => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32;

/** One or two moments, as minutes after the session was opened, between 15 % and 85 % of it. */
export function drawMoments(planned: number, random: Random = chance): number[] {
  const moment = () => Math.round(planned * (0.15 + 0.7 * random()));
  const first = moment();
  if (planned < 60 || random() < 0.5) return [first];
  const second = moment();
  return Math.abs(first - second) < planned * 0.15 ? [first] : [first, second].sort((a, b) => a - b);
}

/** Some of those who are said to be there: one in six, at least 3 and at most 8. */
export function drawPeople<P>(there: P[], random: Random = chance): P[] {
  const wanted = Math.min(there.length, Math.max(3, Math.min(8, Math.round(there.length / 6))));
  const left = [...there];
  const drawn: P[] = [];
  while (drawn.length < wanted) drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  return drawn;
}
