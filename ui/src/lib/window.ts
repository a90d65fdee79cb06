// What makes a page a window of an app.

/** The menu of a browser (reload, back, inspect) has no place in an app; that of a text field has. */
export function hideBrowserMenu(event: MouseEvent): void {
  if (!isText(event.target)) event.preventDefault();
}

/** Whether something can be typed there. */
export function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
