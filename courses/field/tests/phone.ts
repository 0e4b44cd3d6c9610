/** What a browser has and node has not, and a server in memory that keeps the protocol. */

import "fake-indexeddb/auto";
import { createHash, generateKeyPairSync, sign as signBytes } from "node:crypto";

const store = new Map<string, string>();
Object.assign(globalThis, {
  document: { cookie: "" },
  location: { protocol: "https:", host: "north.example" },
});
Object.defineProperty(globalThis, "localStorage", {
  value: { getItem: (key: string) => store.get(key) ?? null, setItem: (key: string, value: string) => void store.set(key, value) },
});

const { log } = await import("../src/store/log.ts");
const { makeKeyPair } = await import("../src/seal/keys.ts");
const { keepDevice } = await import("../src/store/device.ts");

const pair = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const point = (key: ReturnType<typeof pair>): string => {
  const { x, y } = key.publicKey.export({ format: "jwk" });
  return Buffer.concat([Buffer.from([4]), Buffer.from(x!, "base64url"), Buffer.from(y!, "base64url")]).toString("base64url");
};

type Fault = (request: { method: string; path: string; body: unknown }) => Response | Promise<Response> | null;

export class Server {
  keys = { sealing: pair(), receipt: pair() };
  events = new Map<number, string>();
  /** Second bodies under a number that was used before; both are kept. */
  forks = new Map<number, string[]>();
  named: string[] = [];
  blobs = new Map<string, Buffer>();
  parts = new Map<string, Buffer>();
  asked: string[] = [];
  fault: Fault = () => null;
  known = true;
  device = "0b3c0f4e-0000-4000-8000-000000000001";

  publicKeys() {
    return {
      sealing_key: { kid: "s1", public_key: point(this.keys.sealing) },
      receipt_key: { kid: "r1", public_key: point(this.keys.receipt) },
    };
  }

  headAt(seq: number): string {
    const bodies = [this.events.get(seq), ...(this.forks.get(seq) ?? [])];
    const hashes = bodies.map((body) => (body ? createHash("sha256").update(body).digest("hex") : "0".repeat(64)));
    return hashes.sort()[0]!; // as the real one: of two, the lower
  }

  receipt(head = 0) {
    let contiguous = 0;
    while (this.events.has(contiguous + 1)) contiguous += 1;
    const highest = Math.max(0, ...this.events.keys());
    const gaps: [number, number][] = [];
    for (let seq = 1; seq <= Math.max(highest, head); seq++) if (!this.events.has(seq)) gaps.push([seq, seq]);
    const missing_blobs = this.named.filter((hash) => !this.blobs.has(hash));
    const body = JSON.stringify({ v: 1, device: this.device, at: new Date().toISOString(), contiguous, chain_head: this.headAt(contiguous), highest, head, gaps, forks: [...this.forks.keys()], missing_blobs, unreadable: [] });
    const sig = signBytes("sha256", Buffer.from(body), { key: this.keys.receipt.privateKey, dsaEncoding: "ieee-p1363" });
    return { body, sig: sig.toString("base64url"), kid: "r1" };
  }

  answer(data: unknown, status = 200, headers: Record<string, string> = {}): Response {
    const body = status === 404 && data === null ? null : JSON.stringify(data);
    return new Response(body, { status, headers: { "X-Trainbase": "field/1", ...headers } });
  }

  batch(sent: { head: { seq: number } | null; events: { body: string }[] }): Response {
    const results = sent.events.map(({ body }) => {
      const { seq, blobs } = JSON.parse(body) as { seq: number; blobs: string[] };
      const known = [this.events.get(seq), ...(this.forks.get(seq) ?? [])];
      const result = known.includes(body) ? "duplicate" : "stored";
      if (!this.events.has(seq)) this.events.set(seq, body);
      else if (result === "stored") this.forks.set(seq, [...(this.forks.get(seq) ?? []), body]);
      this.named.push(...blobs);
      return { hash: createHash("sha256").update(body).digest("hex"), seq, result, reason: "" };
    });
    return this.answer({ results, receipt: this.receipt(sent.head?.seq) });
  }

  put(hash: string, piece: Buffer, range: string | undefined): Response {
    const before = this.parts.get(hash) ?? Buffer.alloc(0);
    const [from, , total] = (/bytes (\d+)-(\d+)\/(\d+)/.exec(range ?? "")?.slice(1) ?? [0, 0, piece.length]).map(Number);
    if (from !== before.length) return this.answer({ error: { code: "piece_does_not_follow", zh: "", en: "" }, offset: before.length }, 409);
    const whole = Buffer.concat([before, piece]);
    this.parts.set(hash, whole);
    if (whole.length < total!) return this.answer({ state: "partial", offset: whole.length }, 202);
    this.blobs.set(hash, whole);
    return this.answer({ state: "stored" });
  }

  async respond(address: string, init: RequestInit): Promise<Response> {
    const path = address.replace("/api/field/v1/", "");
    const method = init.method ?? "GET";
    this.asked.push(`${method} ${path.split("/")[0]!.split("?")[0]}`);
    const body = typeof init.body === "string" ? JSON.parse(init.body) : init.body;
    const broken = await this.fault({ method, path, body });
    if (broken) return broken;
    if (path.startsWith("status")) return this.answer({ server_time: new Date().toISOString(), device: "active", ...this.publicKeys() });
    if (path.startsWith("receipt")) return this.known ? this.answer({ receipt: this.receipt() }) : this.answer({ error: { code: "device_unknown" } }, 404);
    if (path === "batches") return this.batch(body);
    const hash = path.replace("blobs/", "");
    if (method === "PUT") return this.put(hash, Buffer.from(init.body as ArrayBuffer), (init.headers as Record<string, string>)["Content-Range"]);
    if (this.blobs.has(hash)) return this.answer({}, 200);
    return this.answer(null, 404, { "Upload-Offset": String(this.parts.get(hash)?.length ?? 0) });
  }
}

/** An enrolled phone with an empty outbox, and its server behind `fetch`. */
export async function phone() {
  await Promise.all(log.tables.map((table) => table.clear()));
  const server = new Server();
  const fetch = (address: string, init: RequestInit) => server.respond(address, init);
  Object.assign(globalThis, { fetch });
  const time = new Date().toISOString();
  const device = await keepDevice({ device: server.device, token: "t", base: { name: "", name_en: "" }, trainer: { name: "" }, server_time: time, ...server.publicKeys() });
  const pen = { device, pair: await makeKeyPair(), key: null, pack: "" };
  return { server, pen, device: server.device };
}

export const note = (text: string, blobs: { hash: string; data: ArrayBuffer }[] = []) => ({
  payload: () => ({ kind: "note" as const, session: 1, text }),
  blobs,
});
