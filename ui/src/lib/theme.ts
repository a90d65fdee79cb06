// Puts the theme on the page; `style/tokens.css` does the rest.

import type { Theme } from "./ipc/bindings";

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
}
