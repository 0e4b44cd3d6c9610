// Says what in the build a browser of five years ago does not have: its syntax, its interfaces, its style
// rules, as MDN's table of browsers knows them. `node young.mjs [folder]` lists the places; exit 1 for any.
//
// A name counts when nothing of that name is old enough: `x.at(...)` has to be taken for an array's.
// What only looks like one, or has another way beside it, stands in ALLOWED with the reason.
import bcd from "@mdn/browser-compat-data" with { type: "json" };
import { parse } from "acorn";
import { full } from "acorn-walk";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const CHROME = 90;
const SYNTAX = 2022; // Chrome 90 reads its class fields; what it does not read of it is named below
const folder = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "dist");
const ALLOWED = {
  "accent-color": "colours a tick or a bar; without it they are blue",
  setImmediate: "Dexie asks first whether it is there",
  ".run()": "Dexie: a task of the console, when there is one",
  ".moveBefore()": "Preact asks first, and inserts where there is none",
  ".setStatus()": "zxing-wasm: a member of its own module",
  outline: "came with the first Chrome; the table dates its round corners",
};

/** The version of Chrome that brought it; 0 for what was always there, Infinity for what never came. */
function since({ __compat }) {
  const support = [__compat.support.chrome].flat().find((one) => !one.prefix && !one.alternative_name && !one.flags);
  if (!support || !support.version_added || support.version_added === "preview") return Infinity;
  return Number(String(support.version_added).replace("≤", "")) || 0;
}

/** For each name the oldest of all that are called so. */
const names = new Map(); // of a member: `at`, `randomUUID`
const globals = new Map(); // of what stands alone: `structuredClone`, `WeakRef`
const statics = new Map(); // `Object.hasOwn`, `AbortSignal.timeout`
const note = (map, name, version) => map.set(name, Math.min(version, map.get(name) ?? Infinity));

function learn(owner, found) {
  if (found.__compat) note(globals, owner, since(found));
  for (const [key, member] of Object.entries(found)) {
    if (!member.__compat) continue;
    const name = key.replace(/_static$/, "");
    if (/^[a-z]\w*$/i.test(name) && name !== owner) {
      note(names, name, since(member));
      note(statics, `${owner}.${name}`, since(member));
      if (["Window", "WindowOrWorkerGlobalScope", "WorkerGlobalScope"].includes(owner)) note(globals, name, since(member));
    }
  }
}
for (const [owner, found] of Object.entries(bcd.api)) learn(owner, found);
for (const [owner, found] of Object.entries(bcd.javascript.builtins)) learn(owner, found);
for (const [owner, found] of Object.entries(bcd.webassembly.api)) learn(owner, found);

const tooYoung = (map, name) => map.has(name) && map.get(name) > CHROME;

/** What a file uses that is too young: [name, where]. */
function inScript(text) {
  let tree;
  try {
    tree = parse(text, { ecmaVersion: SYNTAX, sourceType: "module", allowHashBang: true });
  } catch (error) {
    return [[`syntax: ${error.message}`, error.pos ?? 0]];
  }
  const found = [];
  const own = new Set(); // names that the file itself declares
  full(tree, (node) => {
    if (node.type === "VariableDeclarator" && node.id.type === "Identifier") own.add(node.id.name);
    if (/Function|Class/.test(node.type) && node.id) own.add(node.id.name);
    for (const param of node.params ?? []) if (param.type === "Identifier") own.add(param.name);
    // What the file defines as a method or member of its own may be called so.
    if (/^(Property|MethodDefinition)$/.test(node.type) && !node.computed && node.key.name && node.value?.type?.includes("Function")) own.add(`.${node.key.name}`);
    if (node.type === "AssignmentExpression" && node.left.type === "MemberExpression" && !node.left.computed) own.add(`.${node.left.property.name}`);
  });
  full(tree, (node) => {
    if (node.type === "StaticBlock") found.push(["static {}", node.start]);
    if (node.type === "BinaryExpression" && node.left.type === "PrivateIdentifier") found.push(["#private in", node.start]);
    const called = node.type === "CallExpression" || node.type === "NewExpression" ? node.callee : null;
    if (called?.type === "Identifier" && tooYoung(globals, called.name) && !own.has(called.name)) found.push([called.name, node.start]);
    if (called?.type !== "MemberExpression" || called.computed) return;
    const { object, property } = called;
    const name = property.name;
    const owner = object.type === "Identifier" ? object.name : object.type === "MemberExpression" ? (object.property.name ?? "") : "";
    const whole = `${owner[0]?.toUpperCase() ?? ""}${owner.slice(1)}.${name}`;
    if (statics.has(whole)) {
      if (tooYoung(statics, whole)) found.push([whole, node.start]);
    } else if (tooYoung(names, name) && !own.has(`.${name}`)) found.push([`.${name}()`, node.start]);
  });
  return found;
}

/** Properties, at-rules and selectors of the style sheet. */
function inStyle(text) {
  const { properties, "at-rules": rules, selectors, types } = bcd.css;
  const found = [];
  const look = (table, name, at, said) => {
    if (table[name]?.__compat && since(table[name]) > CHROME) found.push([said, at]);
  };
  for (const match of text.matchAll(/[{;]([a-z-]+):/g)) look(properties, match[1], match.index, match[1]);
  for (const match of text.matchAll(/@([a-z-]+)/g)) look(rules, match[1], match.index, `@${match[1]}`);
  for (const match of text.matchAll(/::?([a-z-]+)/g)) look(selectors, match[1], match.index, `:${match[1]}`);
  for (const match of text.matchAll(/([a-z-]+)\(/g)) look(types.color ?? {}, match[1], match.index, `${match[1]}()`);
  for (const match of text.matchAll(/\d(?:[dsl]v[hwib]|cq[whib])\b/g)) found.push([match[0].slice(1), match.index]);
  if (/[{;]\s*&/.test(text)) found.push(["nesting", text.search(/[{;]\s*&/)]);
  return found;
}

let bad = 0;
for (const file of readdirSync(folder).filter((name) => /\.(js|css)$/.test(name))) {
  const text = readFileSync(join(folder, file), "utf8");
  for (const [name, at] of file.endsWith(".js") ? inScript(text) : inStyle(text)) {
    if (name in ALLOWED) continue;
    bad += 1;
    console.error(`${file}: ${name} is younger than Chrome ${CHROME}: …${text.slice(Math.max(0, at - 60), at + 60).replace(/\s+/g, " ")}…`);
  }
}
process.exit(bad ? 1 : 0);
