// What makes a page a window of an app.

/** The menu of a browser (reload, back, inspect) has no place in an app; that of a text field has. */
export function hideBrowserMenu(event: MouseEvent): void {
  if (!(event.target instanceof HTMLInputElement)) event.preventDefault();
}
