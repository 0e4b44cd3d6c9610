import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import { shelf } from "../src/store/shelf.ts";
import { alone } from "../src/net/lock.ts";

const two = "../src/net/lock.ts?two"; // another tab
const other = ((await import(two)) as { alone: typeof alone }).alone;

async function oneAtATime() {
  let finish = () => {};
  const working = new Promise<void>((resolve) => (finish = resolve));
  const first = alone("send", () => working);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const refused = await other("send", async () => assert.fail("both at once"));
  finish();
  assert.deepEqual([await first, refused], [true, false]);
  let done = false;
  assert.equal(await other("send", async () => void (done = true)), true);
  assert.equal(done, true);
}

test("one tab sends at a time, by Web Locks", oneAtATime);

test("where there are no Web Locks a lease does it, and one whose tab has died lapses", async () => {
  Object.defineProperty(globalThis, "navigator", { value: {} });
  await oneAtATime();
  const lease = (until: number) => shelf.settings.put({ key: "lease:send", value: { owner: "dead", until } });
  await lease(Date.now() + 10_000);
  assert.equal(await alone("send", async () => assert.fail("held")), false);
  await lease(Date.now() - 1);
  assert.equal(await alone("send", async () => undefined), true);
  await lease(Date.now() + 86_400_000); // by a clock that was set back since
  assert.equal(await alone("send", async () => undefined), true);
});
