// Every word the pages show, from one file a language. The tray menu of the app reads its own words from the same files.
//
// Invariant: English is whole, and every other language has the keys and the placeholders of English; tests/text.test.ts
// says so. A key that nothing names fails there too.

import type { Language } from "../ipc/bindings";
import { spoken } from "./spoken.svelte";
import { find, fill, split, type Key, type Piece, type Values } from "./table";

export type { Key, Piece, Values } from "./table";

/** The text of a key in the language of the pages; `count` among the values chooses the plural form. */
export function t(key: Key, values: Values = {}): string {
  return fill(find(spoken.table, key, spoken.language, values["count"]), values);
}

/** The same, cut at its placeholders, for texts with a key cap or other markup in the middle. */
export function pieces(key: Key): Piece[] {
  return split(find(spoken.table, key, spoken.language, undefined));
}

/** The language the pages are in. */
export function language(): Language {
  return spoken.language;
}

/** Puts the pages into a language. They stay in the one before until its file is there. */
export async function speak(wanted: Language): Promise<void> {
  await spoken.become(wanted);
}
