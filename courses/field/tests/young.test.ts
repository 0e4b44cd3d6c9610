import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

/** What the check says of a build that consists of this file. */
function said(name: string, text: string): [number, string] {
  const folder = mkdtempSync(join(tmpdir(), "young-"));
  writeFileSync(join(folder, name), text);
  const found = spawnSync(process.execPath, [join(import.meta.dirname, "../young.mjs"), folder], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return [found.status!, found.stderr];
}

test("what Chrome 90 does not have is found in a build, one line each", () => {
  const young = [
    ["xs.at(-1)", ".at()"], ["Object.hasOwn({}, 'a')", "Object.hasOwn"], ["structuredClone(xs)", "structuredClone"],
    ["self.crypto.randomUUID()", "Crypto.randomUUID"], ["AbortSignal.timeout(3)", "AbortSignal.timeout"],
    ["xs.toSorted()", ".toSorted()"], ["new URLPattern()", "URLPattern"], ["class A { static { f(); } }", "static {}"],
  ] as const;
  const [status, text] = said("a.js", young.map(([code]) => code).join(";\n"));
  assert.equal(status, 1);
  for (const [, name] of young) assert.ok(text.includes(`${name} is younger`), `${name}\n${text}`);
  assert.equal(text.trim().split("\n").length, young.length);
  const rules = said("a.css", "a{width:100dvh}b:has(c){color:color-mix(in srgb,red,blue)}@layer x{a{b:c}}");
  for (const name of ["dvh", ":has", "color-mix()", "@layer"]) assert.ok(rules[1].includes(`${name} is younger`), name);
  assert.equal(said("a.js", "let r = /[\\p{L}--a]/v")[0], 1);
});

test("what Chrome 90 has, and names that a file gives itself, pass", () => {
  const old = `const xs = [1]; xs.flatMap((x) => [x]); "a".replaceAll("a", "b"); crypto.subtle.digest("SHA-256", xs); new WeakRef(xs);
    xs.v ??= 1; class A { x = 1; #y = 2; at() { return this.#y; } } new A().at(); navigator.storage.persist(); new AbortController().abort();`;
  assert.deepEqual(said("a.js", old), [0, ""]);
  assert.deepEqual(said("a.css", "a{display:grid;gap:1rem;inset:0}a:focus-visible{outline:none}@media (prefers-reduced-motion){a{b:c}}"), [0, ""]);
});
