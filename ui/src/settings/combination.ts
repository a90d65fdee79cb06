// A key combination as it is pressed, written the way the settings store it: `Ctrl+Alt+Space`.

import { isMac } from "../lib/platform";

const modifierCodes = /^(Control|Shift|Alt|Meta|OS)(Left|Right)?$/;

/**
 * The combination of a key press, or null while it is none yet: modifiers alone, or a key without one
 * (a hotkey without a modifier would take that key from every program).
 */
export function combinationOf(event: KeyboardEvent): string | null {
  if (event.code === "" || modifierCodes.test(event.code)) return null;
  const modifiers = [
    event.ctrlKey ? "Ctrl" : "",
    event.altKey ? "Alt" : "",
    event.shiftKey ? "Shift" : "",
    event.metaKey ? (isMac ? "Cmd" : "Super") : "",
  ].filter((name) => name !== "");
  const functionKey = /^F\d+$/.test(event.code);
  const shiftAlone = modifiers.length === 1 && modifiers[0] === "Shift";
  if ((modifiers.length === 0 || shiftAlone) && !functionKey) return null;
  return [...modifiers, keyName(event.code)].join("+");
}

// The code names the key, not what it writes: the combination stays where it is when the layout changes.
function keyName(code: string): string {
  return code.replace(/^(Key|Digit|Arrow)/, "");
}
