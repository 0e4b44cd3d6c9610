/** Registers the service worker, and tells when a new version waits. */

import { set } from "./state.ts";

function offer(waiting: ServiceWorker): void {
  set({
    update: () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage("update");
    },
  });
}

export async function startWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const found = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/" }).catch(() => null);
  if (!found) return;
  if (found.waiting && navigator.serviceWorker.controller) offer(found.waiting);
  found.addEventListener("updatefound", () => {
    const next = found.installing;
    next?.addEventListener("statechange", () => {
      if (next.state === "installed" && navigator.serviceWorker.controller) offer(next);
    });
  });
}
