// The texts of one language and how a text is read from them. Pure.

import type english from "./en.json";

/** A text, or its plural forms by the categories of `Intl.PluralRules`. */
export type Text = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);

/** The texts of a language, by area. */
export type Table = { readonly [name: string]: Text | Table };

type Keys<T> = {
  [Name in keyof T & string]: T[Name] extends string | { other: string } ? Name : `${Name}.${Keys<T[Name]>}`;
}[keyof T & string];

/** What can be said: `area.key`. */
export type Key = Keys<typeof english>;

/** What stands in for the placeholders. */
export type Values = Readonly<Record<string, string | number>>;

/** A stretch of a text, or the name of the placeholder between two of them. */
export type Piece = { text: string } | { slot: string };

/** The text of a key, in the plural form for `count`. */
export function find(table: Table, key: string, language: string, count: string | number | undefined): string {
  let found: Text | Table | undefined = table;
  for (const name of key.split(".")) {
    found = typeof found === "object" ? (found as Table)[name] : undefined;
  }
  if (typeof found === "string") return found;
  const forms = (found ?? {}) as Readonly<Record<string, string>>;
  const category = new Intl.PluralRules(language).select(Number(count ?? 0));
  // A key that is nowhere is shown as it is: a test keeps that from happening, and a page should not end of it.
  return forms[category] ?? forms["other"] ?? key;
}

const placeholder = /\{(\w+)\}/g;

/** The names of the placeholders, in their order. */
export function slots(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name = ""]) => name);
}

/** The text with its placeholders replaced. What is put in is not read for placeholders again. */
export function fill(text: string, values: Values): string {
  return text.replace(placeholder, (whole, name: string) => String(values[name] ?? whole));
}

/** The text cut at its placeholders. */
export function split(text: string): Piece[] {
  return text
    .split(/(\{\w+\})/)
    .filter((part) => part !== "")
    .map((part) => (/^\{\w+\}$/.test(part) ? { slot: part.slice(1, -1) } : { text: part }));
}
