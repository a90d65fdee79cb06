// Which page of the settings is open. The address says so (`settings.html#performance`), so the app can open any of them.

import type { Page } from "../lib/ipc/bindings";

export const pages: Page[] = ["general", "performance", "about"];

/** The page an address names, the first one when it names none. */
export function pageOf(hash: string): Page {
  return pages.find((page) => hash === `#${page}`) ?? "general";
}
