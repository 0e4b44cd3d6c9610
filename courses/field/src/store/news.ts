/** Tells this tab and the others that something was written. */

export type News = "log" | "receipt" | "pack" | "device";

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("trainbase-field");
const listeners = new Set<(news: News) => void>();

export function listen(listener: (news: News) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function announce(news: News): void {
  for (const listener of listeners) listener(news);
  channel?.postMessage(news);
}

if (channel) {
  channel.onmessage = ({ data }: MessageEvent<News>) => {
    for (const listener of listeners) listener(data);
  };
  // In node, where the tests of the store run, an open channel would keep the process alive.
  (channel as unknown as { unref?: () => void }).unref?.();
}
