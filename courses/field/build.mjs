// Builds the apps that run on phones, each into its dist/: hashed files, the page, the service worker
// with its list of files, and files.json, from which the server answers. Fails when a first load is
// larger than its limit. `node build.mjs field verifier` builds those that are named.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const apps = {
  field: { folder: here, at: "/field/", limit: 500 * 1024 },
  verifier: { folder: join(here, "../../certificates/verifier"), at: "/verify/", limit: 150 * 1024 },
};
const types = {
  css: "text/css; charset=utf-8",
  htm: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};
const digest = (data) => createHash("sha256").update(data).digest("hex").slice(0, 16);

/** A folder that is filled with files and their compressed twins. */
function filler(work) {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  const files = {};
  /** `cache` says that the name changes with the content. */
  const put = (name, data, cache) => {
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
  };
  return { files, put };
}

/** What an app starts with: its script and all that this imports at once. */
function startsWith(name, outputs, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const output = Object.entries(outputs).find(([path]) => path.endsWith("/" + name))[1];
  for (const { path, kind } of output.imports) {
    if (kind === "import-statement") startsWith(path.split("/").pop(), outputs, seen);
  }
  return seen;
}

async function buildApp({ folder, at, limit }) {
  const dist = join(folder, "dist");
  const work = join(folder, `dist.${process.pid}`);
  const version = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
  const common = {
    absWorkingDir: folder,
    bundle: true,
    minify: true,
    target: "chrome90",
    format: "esm",
    legalComments: "none",
    charset: "utf8",
    jsx: "automatic",
    jsxImportSource: "preact",
    // zxing-wasm asks for what came with Chrome 93.
    inject: [join(here, "src/shared/hasown.ts")],
    define: { "process.env.NODE_ENV": '"production"', "Object.hasOwn": "hasOwn", __VERSION__: JSON.stringify(version), __AT__: JSON.stringify(at) },
    logLevel: "warning",
    write: false,
  };
  const { files, put } = filler(work);
  const result = await build({
    ...common,
    entryPoints: ["src/main.tsx", "src/app.css"],
    outdir: work,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".wasm": "file" },
    publicPath: at,
    splitting: true,
    metafile: true,
  });
  for (const file of result.outputFiles) put(file.path.slice(work.length + 1), file.contents, true);
  for (const name of readdirSync(join(folder, "static")).filter((name) => /\.(png|svg)$/.test(name))) {
    put(name, readFileSync(join(folder, "static", name)), false);
  }
  const names = Object.keys(files);
  const script = names.find((name) => /^main-.*\.js$/.test(name));
  const style = names.find((name) => /^app-.*\.css$/.test(name));
  const page = readFileSync(join(folder, "static", "page.htm"), "utf8")
    .replace("{style}", at + style)
    .replace("{script}", at + script);
  put("page.htm", page, false);
  const manifest = Object.entries(files).map(([name, { hash, cache }]) => ({
    url: name === "page.htm" ? at : at + name,
    revision: cache ? null : hash,
  }));
  const worker = await build({
    ...common,
    format: "iife",
    entryPoints: [join(here, "src/shared/sw.ts")],
    define: { ...common.define, "self.__WB_MANIFEST": JSON.stringify(manifest) },
  });
  put("sw.js", worker.outputFiles[0].contents, false);

  const first = ["page.htm", style, ...startsWith(script, result.metafile.outputs)];
  const size = first.reduce((sum, name) => sum + files[name].gzip, 0);
  writeFileSync(join(work, "files.json"), JSON.stringify({ version, first, first_load: size, files }, null, 1));
  rmSync(dist, { recursive: true, force: true });
  renameSync(work, dist);
  console.log(`${at}: first load ${(size / 1024).toFixed(1)} KB compressed (limit ${limit / 1024} KB)`);
  if (size > limit) process.exitCode = 1;
}

const wanted = process.argv.slice(2);
for (const name of wanted.length ? wanted : Object.keys(apps)) await buildApp(apps[name]);
