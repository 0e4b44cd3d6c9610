/** Precache only: the app opens without a signal. What is sent is sent by the page itself. */

import { addPlugins, cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute, type PrecacheEntry } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

declare const __AT__: string;
declare const self: { __WB_MANIFEST: PrecacheEntry[]; skipWaiting(): Promise<void> } & EventTarget;

// By address alone. Workbox looks with the headers of the page that asks, and an answer that varies by
// language would then not be found: the app would not open without a signal.
addPlugins([{ cacheKeyWillBeUsed: async ({ request }) => request.url }]);
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL(__AT__), { allowlist: [new RegExp(`^${__AT__}(\\?.*)?$`)] }));

// Never in mid-session by itself: the page asks when somebody says so.
self.addEventListener("message", (event) => {
  if ((event as MessageEvent).data === "update") void self.skipWaiting();
});
