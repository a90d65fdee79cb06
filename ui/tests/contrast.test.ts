// WCAG AA of the colors that are used together, read from the style sheet itself.

import { describe, expect, test } from "vitest";
import sheet from "../src/lib/style/tokens.css?raw";

type Palette = Map<string, string>;

function palettes(): Record<string, Palette> {
  const light: Palette = new Map();
  const dark: Palette = new Map();
  for (const [, name, inLight, inDark] of sheet.matchAll(/(--[\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)) {
    light.set(name ?? "", inLight ?? "");
    dark.set(name ?? "", inDark ?? "");
  }
  const contrast: Palette = new Map(dark);
  const block = /\[data-theme="contrast"\] \{([^}]*)\}/.exec(sheet)?.[1] ?? "";
  for (const [, name, color] of block.matchAll(/(--[\w-]+): (#\w{6});/g)) contrast.set(name ?? "", color ?? "");
  return { light, dark, contrast };
}

/** Relative luminance, WCAG 2.2. */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const surfaces = ["--ground", "--panel"];
const risks = ["safe", "caution", "dangerous", "blocked"];
const code = ["--accent", "--code-flag", "--code-quoted", "--code-operator", "--code-variable"];

/** Text on what it stands on: 4.5 to 1. */
const texts: [string, string][] = [
  ...["--text", "--text-quiet", ...code, ...risks.map((risk) => `--${risk}`)].flatMap((text) =>
    surfaces.map((surface): [string, string] => [text, surface]),
  ),
  ...risks.map((risk): [string, string] => [`--${risk}`, `--${risk}-wash`]),
  ...risks.map((risk): [string, string] => ["--text-quiet", `--${risk}-wash`]),
  ["--text", "--raised"],
  ["--accent", "--accent-wash"],
  ["--on-accent", "--accent"],
  ["--ground", "--dangerous"],
];

/** Borders of controls, icons, parts of charts: 3 to 1. */
const shapes: [string, string][] = [
  ["--line-strong", "--ground"],
  ["--line-strong", "--panel"],
  ["--accent", "--ground"],
  ["--dangerous", "--ground"],
];

describe.each(Object.entries(palettes()))("%s", (name, palette) => {
  const color = (token: string): string => {
    const found = palette.get(token);
    if (found === undefined) throw new Error(`tokens.css gives ${name} no ${token}`);
    return found;
  };
  const least = name === "contrast" ? 7 : 4.5;

  test.each(texts)(`%s can be read on %s`, (text, surface) => {
    expect(contrast(color(text), color(surface))).toBeGreaterThanOrEqual(least);
  });
  test.each(shapes)("%s can be seen on %s", (shape, surface) => {
    expect(contrast(color(shape), color(surface))).toBeGreaterThanOrEqual(3);
  });
});

test("the formula gives the extremes of the standard", () => {
  expect(contrast("#000000", "#ffffff")).toBe(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});
