/** Fetches the pack and the photos of its classes. */

import type { Pack } from "../pure/protocol.ts";
import { openClass, openIndex, openPhotos, packLabel, putPack, putPhotos, type PackIndex } from "../store/pack.ts";
import { keep } from "../store/shelf.ts";
import { announce } from "../store/news.ts";
import type { DeviceRow } from "../store/log.ts";
import { ask, errorOf, NoAnswer, type ServerError } from "./wire.ts";

export class Refused extends Error {
  said: ServerError;

  constructor(said: ServerError) {
    super(said.code);
    this.said = said;
  }
}

export type Step = { what: "pack"; read: number; total: number } | { what: "photos"; read: number; total: number };

/** Leaves the old pack in place until the new one is whole. */
export async function fetchPack(
  device: DeviceRow,
  key: CryptoKey,
  progress: (step: Step) => void,
): Promise<PackIndex> {
  const label = await packLabel();
  const before = label?.tag ? await openIndex(key) : null;
  const answer = await ask("pack", {
    token: device.token,
    limit: 300_000,
    headers: before ? { "If-None-Match": label!.tag } : {},
    progress: (read, total) => progress({ what: "pack", read, total }),
  });
  if (answer.status === 304 && before) {
    await keep("pack", { ...label, fetched_at: new Date().toISOString() });
    announce("pack");
    return before;
  }
  if (answer.status !== 200) throw new Refused(errorOf(answer));
  const pack = answer.data as Pack;
  if (!Array.isArray(pack?.people) || !Array.isArray(pack.classes)) throw new NoAnswer("half");
  return putPack(key, pack, answer.headers.get("ETag") ?? "");
}

async function hasAll(key: CryptoKey, id: number): Promise<boolean> {
  const photos = await openPhotos(key, id);
  const people = (await openClass(key, id))?.people ?? [];
  return photos !== null && people.every(({ photo, enrolment }) => !photo || enrolment in photos);
}

/** Photos come after: a pack without them works. */
export async function fetchPhotos(
  device: DeviceRow,
  key: CryptoKey,
  index: PackIndex,
  progress: (step: Step) => void,
): Promise<void> {
  const wanted = index.classes.filter(({ photos }) => photos);
  for (const [at, { id }] of wanted.entries()) {
    progress({ what: "photos", read: at, total: wanted.length });
    if (await hasAll(key, id)) continue;
    const answer = await ask(`pack/photos/${id}`, { token: device.token, limit: 120_000 });
    if (answer.status === 200) await putPhotos(key, id, answer.data as Record<string, string>);
  }
}
