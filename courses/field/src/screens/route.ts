/** Where the app is: the part of the address after `#/`. The browser's own back button works. */

import { useEffect, useState } from "preact/hooks";

export const go = (path: string): void => {
  location.hash = "#/" + path;
};

export const back = (): void => {
  if (history.length > 1) history.back();
  else go("");
};

const parts = (): string[] =>
  location.hash.startsWith("#/") ? location.hash.slice(2).split("/").filter(Boolean) : [];

export function useRoute(): string[] {
  const [route, set] = useState(parts());
  useEffect(() => {
    const change = () => {
      set(parts());
      scrollTo(0, 0);
    };
    addEventListener("hashchange", change);
    return () => removeEventListener("hashchange", change);
  }, []);
  return route;
}

/** The ticket of `#enrol=…`, taken out of the address so that it stands in no history. */
export function takeTicket(): string {
  const found = /^#enrol=(.+)$/.exec(location.hash);
  if (!found) return "";
  history.replaceState(null, "", location.pathname + "#/enrol");
  return decodeURIComponent(found[1]!);
}
