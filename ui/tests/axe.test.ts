// Accessibility as axe-core sees it. Colors are left to contrast.test.ts: jsdom computes none.

import axe from "axe-core";
import { pages } from "../src/settings/page";
import { describe, expect, test } from "vitest";
import { click, popup, press, settings, type } from "./page";

async function violations(): Promise<string[]> {
  document.title = "Caro";
  document.documentElement.lang = "en";
  const { violations } = await axe.run(document, { rules: { "color-contrast": { enabled: false } } });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

describe("the popup", () => {
  const states: [string, () => Promise<unknown>][] = [
    ["empty", () => popup()],
    ["with an answer", () => popup().then(() => type("find large files over 100MB"))],
    ["with fields", () => popup().then(() => type("connect"))],
    [
      "editing, explained",
      async () => {
        await popup();
        await type("list files");
        await press("F2");
        await press("i", { ctrlKey: true });
      },
    ],
    ["without an answer", () => popup().then(() => type("teleport my cat"))],
    [
      "confirming",
      async () => {
        await popup();
        await type("delete all log files");
        await press("Enter");
      },
    ],
    [
      "refusing, with a notice",
      async () => {
        await popup("notice");
        await type("delete everything");
        await press("Enter");
      },
    ],
  ];
  test.each(states)("%s", async (_, reach) => {
    await reach();
    expect(await violations()).toEqual([]);
  });
});

describe("the settings", () => {
  test.each([...pages, "welcome"])("%s", async (page) => {
    await settings("", page);
    expect(await violations()).toEqual([]);
  });
  test("with notices and nothing measured", async () => {
    await settings("notice&empty", "performance");
    expect(await violations()).toEqual([]);
  });
  test("asking before deleting", async () => {
    await settings("", "privacy");
    await click("#delete-history");
    expect(await violations()).toEqual([]);
  });
});
