import assert from "node:assert/strict";
import { test } from "node:test";
import { b64, base32, fromB64, hex, utf8, uuid } from "../src/pure/bytes.ts";
import { firstBatch, weight } from "../src/pure/batch.ts";
import { checkDigit, idFault } from "../src/pure/idnumber.ts";
import { minutesFit, proposed } from "../src/pure/minutes.ts";
import { readFile } from "../src/pure/outboxfile.ts";
import { pinWait, waitBefore } from "../src/pure/retry.ts";
import { drawMoments, drawPeople } from "../src/pure/rollcall.ts";
import { read, union, type Written } from "../src/pure/reading.ts";
import { search } from "../src/pure/search.ts";
import { lost, newest, readTrace, writeTrace } from "../src/pure/trace.ts";
import { witnessCode, witnessLink } from "../src/pure/witness.ts";
import { korean } from "../src/words/korean.ts";
import { fill } from "../src/words/say.ts";
import { table } from "../src/words/table.ts";

const today = new Date("2026-11-25T00:00:00Z");

test("base64url and base32 are those of the protocol", () => {
  assert.equal(b64(new Uint8Array([251, 255, 254])), "-__-");
  assert.deepEqual(fromB64("-__-"), new Uint8Array([251, 255, 254]));
  assert.deepEqual(fromB64("+//+"), new Uint8Array([251, 255, 254]));
  assert.equal(base32(utf8("hello")), "D1JPRV3F");
  assert.equal(base32(new Uint8Array([255])), "ZW");
  const long = new Uint8Array(20_000).fill(7);
  assert.deepEqual(fromB64(b64(long)), long);
  assert.match(uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a batch has at most 100 events and 256 KB, and never none", () => {
  const event = (n: number) => ({ body: "x".repeat(n), sig: "s" });
  assert.equal(firstBatch(Array.from({ length: 250 }, () => event(10))).length, 100);
  assert.equal(firstBatch([event(10), event(10), event(10)], 2).length, 2);
  const big = firstBatch(Array.from({ length: 20 }, () => event(30_000)));
  assert.ok(big.length > 1 && big.reduce((sum, one) => sum + weight(one), 0) < 256 * 1024);
  assert.equal(firstBatch([event(300_000), event(1)]).length, 1);
  assert.equal(firstBatch([]).length, 0);
});

test("an ID number is judged by its check digit, birth date and province", () => {
  assert.equal(idFault("11010519491231002X", today), null);
  assert.equal(idFault("11010519491231002x", today), null);
  assert.equal(idFault("１１０１０５ 19491231 002X", today), null);
  assert.equal(idFault("110105194912310021", today), "id_digit");
  assert.equal(idFault("110105491231002", today), "id_15");
  assert.equal(idFault("1101051949123100", today), "id_length");
  assert.equal(idFault("", today), "id_empty");
  const made = (first: string) => first + checkDigit(first);
  assert.equal(idFault(made("99010519491231002"), today), "id_province");
  assert.equal(idFault(made("11010519490231002"), today), "id_birth");
  assert.equal(idFault(made("11010520270101002"), today), "id_birth");
  assert.equal(idFault(made("83000019900101001"), today), null);
});

test("people are found by initials, by a piece of the name, by the last digits", () => {
  const person = (name: string, initials: string, id: string) => ({ name, initials, id });
  const people = [person("李小明", "lxm", "****1234"), person("张晓梅", "zxm", "****012X"), person("晓光", "xg", "****9912")];
  const names = (query: string) => search(people, query).map(({ name }) => name);
  assert.deepEqual(names("zxm"), ["张晓梅"]);
  assert.deepEqual(names("XM"), ["李小明", "张晓梅"]);
  assert.deepEqual(names("晓"), ["晓光", "张晓梅"]);
  assert.deepEqual(names("12x"), ["张晓梅"]);
  assert.deepEqual(names("1234"), ["李小明"]);
  assert.deepEqual(names("*"), []);
  assert.equal(names("").length, 3);
});

test("minutes that the clock proposes always fit the mark", () => {
  const session = { id: 1, class: 1, number: 1, held_on: "2026-11-25", starts_at: "08:30:00", kind: "theory", minutes: 180, topic: "" };
  const at = (time: string) => new Date(`2026-11-25T${time}:00`);
  assert.equal(proposed("present", session, at("09:00")), 180);
  assert.equal(proposed("late", session, at("09:00")), 150);
  assert.equal(proposed("early_leave", session, at("10:00")), 90);
  assert.equal(proposed("absent", session, at("10:00")), 0);
  for (const mark of ["present", "late", "early_leave", "excused", "absent"] as const) {
    for (const time of ["00:00", "08:30", "08:31", "11:29", "11:30", "23:59"]) {
      for (const minutes of [1, 2, 45, 180]) {
        const short = { ...session, minutes };
        const partial = mark === "late" || mark === "early_leave";
        if (minutes > 1 || !partial) assert.ok(minutesFit(mark, proposed(mark, short, at(time)), minutes), `${mark} ${time} ${minutes}`);
      }
    }
  }
});

test("a trace that is ahead of the database names the numbers that may be lost", () => {
  const device = "0b3c0f4e-0000-4000-8000-000000000001";
  assert.deepEqual(readTrace(writeTrace({ device, seq: 7 })), { device, seq: 7 });
  assert.equal(readTrace("nonsense"), null);
  assert.deepEqual(newest([{ device, seq: 3 }, null, { device, seq: 9 }]), [{ device, seq: 9 }]);
  const receipt = { v: 1, device, at: "", contiguous: 2, chain_head: "", highest: 5, head: 9, gaps: [[3, 4], [6, 9]] as [number, number][], forks: [], missing_blobs: [], unreadable: [] };
  assert.deepEqual(lost({ device, seq: 9 }, new Set([8]), receipt), [[3, 4], [6, 7], [9, 9]]);
  assert.deepEqual(lost({ device, seq: 3 }, new Set(), null), [[1, 3]]);
  assert.deepEqual(lost({ device, seq: 2 }, new Set(), receipt), []);
});

test("a roll call comes once or twice inside the session, for people drawn by chance", () => {
  const counts = new Set<number>();
  for (let n = 0; n < 300; n++) {
    const moments = drawMoments(180);
    counts.add(moments.length);
    for (const moment of moments) assert.ok(moment >= 27 && moment <= 153);
  }
  assert.deepEqual([...counts].sort(), [1, 2]);
  const people = Array.from({ length: 40 }, (_, n) => n);
  const drawn = drawPeople(people);
  assert.equal(new Set(drawn).size, 7);
  assert.equal(drawPeople([1, 2]).length, 2);
  assert.equal(drawPeople(people.slice(0, 9)).length, 3);
  assert.equal(people.length, 40);
});

test("waiting grows to ten minutes, and five wrong PINs cost half a minute", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 60].map((n) => waitBefore(n, () => 0.5)), [5, 15, 45, 120, 300, 600, 600].map((s) => s * 1000));
  assert.deepEqual([0, 4, 5, 6, 99].map(pinWait), [0, 0, 30, 60, 900]);
});

test("a witness code is the number and ten characters of the hash", () => {
  const hash = hex(new Uint8Array(32).fill(255));
  assert.equal(witnessCode(184, hash), "184-ZZZZZZZZZZ");
  const link = witnessLink("https://north.example", "0b3c0f4e-aaaa", 184, hash);
  assert.equal(link, `https://north.example/field/w#0b3c0f4e.184.${hash}`);
});

test("a file that is none is refused before anything is sent", () => {
  const good = { format: "trainbase-outbox/1", base: "north.example:8000", device: "d", head: null, events: [{ body: "b", sig: "s" }], blobs: {} };
  const read = (change: object) => readFile(JSON.stringify({ ...good, ...change }));
  assert.equal(typeof read({}), "object");
  assert.equal(typeof read({ base: "the-old-host.example" }), "object");
  assert.equal(read({ format: "x" }), "file_not_outbox");
  assert.equal(read({ events: [{ body: 1 }] }), "file_not_outbox");
  assert.equal(readFile("{half"), "file_not_json");
});

test("every message has its three languages, with the same values", () => {
  const values = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join();
  for (const [word, [zh, en]] of Object.entries(table)) {
    assert.ok(zh && en, word);
    assert.equal(values(zh), values(en), word);
    assert.doesNotMatch(en, /[\u4e00-\u9fff]/, word);
    const ko = korean[word as keyof typeof table];
    assert.ok(ko, word);
    assert.equal(values(ko), values(zh), word);
    assert.doesNotMatch(ko.replace("手机", ""), /[\u4e00-\u9fff]/, word); // what the desk calls that page
  }
  assert.deepEqual(Object.keys(korean).sort(), Object.keys(table).sort());
  assert.equal(fill("{n} 条 {x}", { n: 3 }), "3 条 {x}");
});

test("a list read a moment ago never takes back what was written since", () => {
  const mark = (seq: number, mark: "present" | "absent"): Written => ({ seq, hash: `h${seq}`, wall: "", payload: { kind: "mark", session: 1, person: { enrolment: 7 }, mark, minutes: 0, how: "tap", reason: "" } });
  const [one, two, three] = [mark(1, "present"), mark(2, "absent"), mark(3, "present")];
  const seqs = (events: Written[]) => events.map(({ seq }) => seq);
  assert.deepEqual(seqs(union([one], [one, two])), [1, 2]); // read before the second was written
  assert.deepEqual(seqs(union([one, two, three], [one, three])), [1, 2, 3]); // another tab wrote the second
  assert.deepEqual(seqs(union([three, one], [two])), [3, 1, 2]); // a chain after another one
  assert.equal(read(union([one], [one, two])).marks.get("e7")?.mark, "absent");
});
