// Which page of the settings is open. The address says so (`settings.html#performance`), so the app can open any of them.

import type { Page } from "../lib/ipc/bindings";

/** Those with a name in the list; the first steps are found from the last one. */
export const pages = [
  "general",
  "shortcut",
  "models",
  "safety",
  "terminals",
  "privacy",
  "performance",
  "about",
] as const;

const all: readonly Page[] = [...pages, "welcome"];

/** The page an address names, the first one when it names none. */
export function pageOf(hash: string): Page {
  return all.find((page) => hash === `#${page}`) ?? "general";
}
