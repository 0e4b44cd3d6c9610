/**
 * The pack, sealed under the data key in pieces: opening it decrypts classes and sessions; the people of
 * a class, their photos, the villages are opened when they are looked at. 5,000 people cost nothing then.
 */

import { close, open } from "../seal/box.ts";
import type { Pack, PackClass, PackPerson, PackSession } from "../pure/protocol.ts";
import { keep, setting, shelf } from "./shelf.ts";
import { announce } from "./news.ts";

export interface PackIndex {
  etag: string;
  made_at: string;
  base: Pack["base"];
  trainer: Pack["trainer"];
  classes: (PackClass & { people: number; photos: boolean })[];
  sessions: PackSession[];
}

export interface ClassChunk {
  people: PackPerson[];
  marks: Pack["marks"];
}

/** What stands outside the seal: needed before a PIN is given, and says nothing of people. */
export interface PackLabel {
  etag: string;
  /** The header, as it is sent back in `If-None-Match`. */
  tag: string;
  made_at: string;
  fetched_at: string;
  people: number;
}

export const packLabel = (): Promise<PackLabel | undefined> => setting<PackLabel>("pack");

function split(pack: Pack): { index: PackIndex; chunks: Map<number, ClassChunk> } {
  const chunks = new Map<number, ClassChunk>(pack.classes.map(({ id }) => [id, { people: [], marks: [] }]));
  const classOf = new Map<number, number>();
  for (const session of pack.sessions) classOf.set(session.id, session.class);
  for (const person of pack.people) chunks.get(person.class)?.people.push(person);
  for (const mark of pack.marks) chunks.get(classOf.get(mark.session) ?? 0)?.marks.push(mark);
  const { etag, made_at, base, trainer, sessions } = pack;
  const classes = pack.classes.map((one) => {
    const { people } = chunks.get(one.id)!;
    return { ...one, people: people.length, photos: people.some(({ photo }) => photo) };
  });
  return { index: { etag, made_at, base, trainer, classes, sessions }, chunks };
}

export async function putPack(key: CryptoKey, pack: Pack, tag = ""): Promise<PackIndex> {
  const { index, chunks } = split(pack);
  const rows = [
    { key: "index", box: await close(key, index) },
    { key: "villages", box: await close(key, pack.villages) },
  ];
  for (const [id, chunk] of chunks) rows.push({ key: `people:${id}`, box: await close(key, chunk) });
  const label: PackLabel = {
    etag: pack.etag,
    tag,
    made_at: pack.made_at,
    fetched_at: new Date().toISOString(),
    people: pack.people.length,
  };
  await shelf.transaction("rw", shelf.chunks, shelf.settings, async () => {
    await shelf.chunks.where("key").startsWith("people:").delete();
    await shelf.chunks.bulkPut(rows);
    await keep("pack", label);
  });
  announce("pack");
  return index;
}

async function chunk<T>(key: CryptoKey, name: string): Promise<T | null> {
  const row = await shelf.chunks.get(name);
  return row ? open<T>(key, row.box) : null;
}

export const openIndex = (key: CryptoKey): Promise<PackIndex | null> => chunk(key, "index");
export const openClass = (key: CryptoKey, id: number): Promise<ClassChunk | null> => chunk(key, `people:${id}`);
export const openVillages = (key: CryptoKey): Promise<Pack["villages"] | null> => chunk(key, "villages");
export const openPhotos = (key: CryptoKey, id: number): Promise<Record<string, string> | null> =>
  chunk(key, `photos:${id}`);

export async function putPhotos(key: CryptoKey, id: number, photos: Record<string, string>): Promise<void> {
  await shelf.chunks.put({ key: `photos:${id}`, box: await close(key, photos) });
}

/** Who a card belongs to, in any class; classes are opened one by one until it is found. */
export async function findCard(key: CryptoKey, index: PackIndex, card: string): Promise<PackPerson | null> {
  for (const { id } of index.classes) {
    const found = (await openClass(key, id))?.people.find((person) => person.card === card);
    if (found) return found;
  }
  return null;
}

export async function dropPack(): Promise<void> {
  await shelf.transaction("rw", shelf.chunks, shelf.settings, async () => {
    await shelf.chunks.clear();
    await shelf.settings.delete("pack");
  });
  announce("pack");
}
