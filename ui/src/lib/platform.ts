// What the keys of this desktop are called.

/** True on macOS, where Command takes the place of Control. */
export const isMac = /mac/i.test(navigator.platform);

/** The key that, with Enter, types into the terminal. */
export const commandKey = isMac ? "⌘" : "Ctrl";

/** Whether the event holds the key that this desktop uses for commands. */
export function holdsCommandKey(event: KeyboardEvent): boolean {
  return isMac ? event.metaKey : event.ctrlKey;
}
