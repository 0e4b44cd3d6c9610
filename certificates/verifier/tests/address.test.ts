import assert from "node:assert/strict";
import { test } from "node:test";
import { readScan } from "../src/pure/address.ts";

const ORIGIN = "https://centre.example.cn";
const CODE = "7K3M9Q2X4T6W8Y0Z1A5C";
const scan = (text: string) => readScan(text, ORIGIN);

test("an address of ours is taken apart", () => {
  assert.deepEqual(scan(`${ORIGIN}/c/${CODE}#glhd_-0`), { kind: "ours", code: CODE, token: "glhd_-0" });
  assert.deepEqual(scan(` HTTPS://Centre.Example.cn/c/${CODE}#a\n`), { kind: "ours", code: CODE, token: "a" });
  assert.deepEqual(scan(`${ORIGIN}/c/${CODE}`), { kind: "bare", code: CODE });
  assert.deepEqual(readScan(`http://centre.localhost:8000/c/${CODE}#a`, "http://centre.localhost:8000").kind, "ours");
});

test("another host is refused however much it looks like ours", () => {
  const clones = [
    "https://centre.example.cn.evil.cn",
    "https://centre-example.cn",
    "https://centre.example.cn@evil.cn",
    "https://centre.example.cn:pw@evil.cn",
    "https://centre.example.cn\\@evil.cn",
    "https://centre.example.cn:8443",
    "https://centre.example.cn.",
    "https://evil.cn%2F@centre.example.cn",
    "https://сentre.example.cn", // Cyrillic с
    "https://centre。example。cn",
    "https://centre．example.cn",
    "https://ｃentre.example.cn",
    "https://centre.e\u00adxample.cn",
    "https://centre.example.\u212An",
    "https://\u202ecentre.example.cn",
    "https://centre.example.cn\u0000",
    "https://centre.example.c\tn",
    "http://centre.example.cn",
    "https:// centre.example.cn",
    "javascript://centre.example.cn",
    "https://",
  ];
  for (const clone of clones) assert.equal(scan(`${clone}/c/${CODE}#a`).kind, "other_host", clone);
  assert.equal(scan(`https://evil.cn/?x=${ORIGIN}/c/${CODE}#a`).kind, "other_host");
  assert.equal(scan(`https://evil.cn#${ORIGIN}/c/${CODE}#a`).kind, "other_host");
});

test("a foreign host is shown so that it cannot look like another", () => {
  const found = scan(`https://сentre.example.cn/c/${CODE}#a`);
  assert.equal(found.kind === "other_host" && found.host, "https://[U+441]entre.example.cn");
  const long = scan(`https://${"a".repeat(5000)}/c/${CODE}#a`);
  assert.ok(long.kind === "other_host" && long.host.length <= 121);
});

test("what is behind our host must be a certificate of a length that we print", () => {
  for (const rest of ["", "/", "/c/", `/c/${CODE.toLowerCase()}#a`, `/c/${CODE}/#a`, `/c/${CODE}?q=1#a`, `/c/${CODE}#a#b`, `/c/${CODE}#ａ`, `/c/${CODE}#a b`, `/x/../c/${CODE}#a`, `/c/${CODE}1#a`]) {
    assert.equal(scan(ORIGIN + rest).kind, "broken", rest);
  }
  assert.equal(scan(`${ORIGIN}/c/${CODE}#${"A".repeat(2001)}`).kind, "too_long");
  assert.equal(scan(`${ORIGIN}/c/${CODE}#${"A".repeat(5_000_000)}`).kind, "too_long");
});

test("what is no address at all is not ours", () => {
  for (const text of ["", "hello", CODE, `centre.example.cn/c/${CODE}#a`, "//centre.example.cn/c/", "https:/\\evil.cn/c/1", "TB1.abc", "data:text/html,hi"]) {
    assert.equal(scan(text).kind, "not_ours", text);
  }
});
