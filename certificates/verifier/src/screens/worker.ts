/** Registers the service worker. A newer version takes over when the page is opened next, before anything is done. */
export async function startWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const found = await navigator.serviceWorker.register("/verify/sw.js", { scope: "/verify/" }).catch(() => null);
  if (found?.waiting && navigator.serviceWorker.controller) {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    found.waiting.postMessage("update");
  }
  if (found) await navigator.serviceWorker.ready;
}
