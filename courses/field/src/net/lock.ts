/** Only one tab does it: Web Locks, else a lease in the database that lapses when its tab dies. */

import { uuid } from "../pure/bytes.ts";
import { shelf } from "../store/shelf.ts";

const me = uuid();
const LEASE = 20_000;

interface Lease {
  owner: string;
  until: number;
}

async function take(name: string): Promise<boolean> {
  return shelf.transaction("rw", shelf.settings, async () => {
    const key = `lease:${name}`;
    const held = (await shelf.settings.get(key))?.value as Lease | undefined;
    const now = Date.now();
    // A clock that was set back must not leave a lease standing for ever.
    if (held && held.owner !== me && held.until > now && held.until <= now + LEASE) return false;
    await shelf.settings.put({ key, value: { owner: me, until: now + LEASE } });
    return true;
  });
}

async function underLease(name: string, work: () => Promise<void>): Promise<boolean> {
  if (!(await take(name))) return false;
  const renew = setInterval(() => void take(name), LEASE / 4);
  try {
    await work();
  } finally {
    clearInterval(renew);
    await shelf.settings.delete(`lease:${name}`);
  }
  return true;
}

/** Whether it was done: false when another tab is at it. */
export async function alone(name: string, work: () => Promise<void>): Promise<boolean> {
  if (!navigator.locks) return underLease(name, work);
  return navigator.locks.request(`trainbase-field:${name}`, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}
