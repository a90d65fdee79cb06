// Splits a command for its colors. Rough on purpose: the real parser is the engine's, this one feeds the fake alone.

import type { TokenKind, TokenView } from "../bindings";

const rows: [RegExp, TokenKind][] = [
  [/^\s+/, "space"],
  [/^<[a-z][a-z -]*>/, "placeholder"],
  [/^#.*/, "comment"],
  [/^(?:"[^"]*"|'[^']*')/, "quoted"],
  [/^\$(?:\w+|\{[^}]*\})/, "variable"],
  [/^(?:\d?>>?|<)(?:&\d)?/, "redirection"],
  [/^(?:\|\||&&|\||;|&)/, "operator"],
  [/^-[^\s|;]*/, "flag"],
  [/^[^\s|;&<>"'$]+/, "argument"],
];

export function tokenize(command: string, atRisk: string[] = []): TokenView[] {
  const tokens: TokenView[] = [];
  let rest = command;
  let program = true;
  while (rest !== "") {
    const [pattern, kind] = rows.find(([row]) => row.test(rest)) ?? [/^./, "argument" as const];
    const text = pattern.exec(rest)?.[0] ?? rest;
    const shown = kind === "argument" && program ? "program" : kind;
    if (kind === "argument") program = false;
    if (kind === "operator") program = true;
    tokens.push({ text, kind: shown, atRisk: atRisk.includes(text), field: null });
    rest = rest.slice(text.length);
  }
  return tokens;
}
