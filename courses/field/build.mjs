// Builds the app into dist/: hashed files, the page, the service worker with its list of files, and
// files.json, from which the server answers. Fails when the first load is larger than 500 KB.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const work = join(here, `dist.${process.pid}`);
const FIRST_LOAD = 500 * 1024;
const types = {
  css: "text/css; charset=utf-8",
  htm: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};
const digest = (data) => createHash("sha256").update(data).digest("hex").slice(0, 16);
const version = JSON.parse(readFileSync(join(here, "package.json"), "utf8")).version;
const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: "chrome90",
  format: "esm",
  legalComments: "none",
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  // zxing-wasm asks for what came with Chrome 93.
  inject: ["src/pure/hasown.ts"],
  define: { "process.env.NODE_ENV": '"production"', "Object.hasOwn": "hasOwn", __VERSION__: JSON.stringify(version) },
  logLevel: "warning",
};

rmSync(work, { recursive: true, force: true });
mkdirSync(work);
const files = {};

/** Writes a file and its compressed twins; `cache` says that its name changes with its content. */
function put(name, data, cache) {
  const bytes = Buffer.from(data);
  const entry = { type: types[name.split(".").pop()], size: bytes.length, hash: digest(bytes), cache };
  writeFileSync(join(work, name), bytes);
  if (!name.endsWith(".png")) {
    writeFileSync(join(work, name + ".br"), brotliCompressSync(bytes));
    const gzip = gzipSync(bytes, { level: 9 });
    writeFileSync(join(work, name + ".gz"), gzip);
    entry.gzip = gzip.length;
  }
  files[name] = entry;
  return entry;
}

const result = await build({
  ...common,
  entryPoints: ["src/main.tsx", "src/app.css"],
  outdir: work,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".wasm": "file" },
  publicPath: "/field/",
  splitting: true,
  metafile: true,
  write: false,
});
for (const file of result.outputFiles) put(file.path.slice(work.length + 1), file.contents, true);
for (const name of readdirSync(join(here, "static")).filter((name) => /\.(png|svg)$/.test(name))) {
  put(name, readFileSync(join(here, "static", name)), false);
}
const names = Object.keys(files);
const script = names.find((name) => /^main-.*\.js$/.test(name));
const style = names.find((name) => /^app-.*\.css$/.test(name));

/** What the app starts with: its script and all that this imports at once. */
function startsWith(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const output = Object.entries(result.metafile.outputs).find(([path]) => path.endsWith("/" + name))[1];
  for (const { path, kind } of output.imports) {
    if (kind === "import-statement") startsWith(path.split("/").pop(), seen);
  }
  return seen;
}

const page = readFileSync(join(here, "static", "page.htm"), "utf8")
  .replace("{style}", `/field/${style}`)
  .replace("{script}", `/field/${script}`);
put("page.htm", page, false);
const manifest = Object.entries(files).map(([name, { hash, cache }]) => ({
  url: name === "page.htm" ? "/field/" : `/field/${name}`,
  revision: cache ? null : hash,
}));
const worker = await build({
  ...common,
  format: "iife",
  entryPoints: ["src/sw.ts"],
  write: false,
  define: { ...common.define, "self.__WB_MANIFEST": JSON.stringify(manifest) },
});
put("sw.js", worker.outputFiles[0].contents, false);

const first = ["page.htm", style, ...startsWith(script)];
const size = first.reduce((sum, name) => sum + files[name].gzip, 0);
writeFileSync(join(work, "files.json"), JSON.stringify({ version, first, first_load: size, files }, null, 1));
rmSync(dist, { recursive: true, force: true });
renameSync(work, dist);
console.log(`/field/: first load ${(size / 1024).toFixed(1)} KB compressed (limit ${FIRST_LOAD / 1024} KB)`);
if (size > FIRST_LOAD) process.exit(1);
