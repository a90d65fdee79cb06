// Which key does what in the popup. Pure apart from the one bit it keeps: whether Enter is still held down.

import { holdsCommandKey } from "../lib/platform";

export type Action =
  | "copy"
  | "insert"
  | "up"
  | "down"
  | "escape"
  | "settings"
  | "edit"
  | "explain"
  | "safer"
  | "pin"
  | "next"
  | "previous"
  | "private";

/** Keys that mean something together with the key that this desktop uses for commands. */
const chords: Record<string, Action> = { ",": "settings", e: "edit", i: "explain", p: "pin", s: "safer" };

/**
 * Reads the keys of the popup.
 *
 * Invariant: one press of Enter is one action. A held key repeats, and a repeat that counted would confirm what its
 * first press asked about.
 */
export class Keys {
  #enterHeld = false;

  press(event: KeyboardEvent): Action | null {
    // A key of an input method belongs to it; WebKit reports the closing one with the old code 229 alone.
    if (event.isComposing || event.keyCode === 229) return null;
    if (event.key === "Enter") {
      // WebKitGTK does not mark every repeat, so the missing release counts as well.
      const repeated = event.repeat || this.#enterHeld;
      this.#enterHeld = true;
      if (repeated || event.shiftKey || event.altKey) return null;
      return holdsCommandKey(event) ? "insert" : "copy";
    }
    // The release of Enter may have gone to another window.
    if (!isModifier(event.key)) this.#enterHeld = false;
    if (event.key === "Escape") return event.repeat ? null : "escape";
    // In a text of several lines they move the cursor.
    const inText = event.target instanceof HTMLTextAreaElement;
    if (event.key === "ArrowUp") return inText ? null : "up";
    if (event.key === "ArrowDown") return inText ? null : "down";
    if (event.key === "F2") return "edit";
    if (event.key === "Tab") return event.shiftKey ? "previous" : "next";
    if (event.key.toLowerCase() === "p" && event.shiftKey && holdsCommandKey(event)) return "private";
    if (!holdsCommandKey(event) || event.altKey || event.shiftKey) return null;
    return chords[event.key.toLowerCase()] ?? null;
  }

  release(event: KeyboardEvent): void {
    if (event.key === "Enter") this.#enterHeld = false;
  }

  /** The window lost the keyboard or was shown anew: whatever was held is no longer known. */
  forget(): void {
    this.#enterHeld = false;
  }
}

/** Whether a key does nothing alone. */
export function isModifier(key: string): boolean {
  return key === "Control" || key === "Shift" || key === "Alt" || key === "Meta";
}
