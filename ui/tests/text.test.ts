// The languages are held to English, and English to what the sources say.

import { afterEach, describe, expect, test } from "vitest";
import { speak, t, pieces } from "../src/lib/text";
import { slots, type Table, type Text } from "../src/lib/text/table";
import { find, popup, settings, settle, text, type } from "./page";

const files = import.meta.glob<{ default: Table }>("../src/lib/text/*.json", { eager: true });
const tables = Object.entries(files).map(
  ([path, file]) => [/(\w+)\.json$/.exec(path)?.[1] ?? path, file.default] as const,
);
const others = tables.filter(([name]) => name !== "en");

/** Every text of a table by its key; the forms of a plural are one text. */
function flat(table: Table, prefix = ""): Map<string, Text> {
  const found = new Map<string, Text>();
  for (const [name, value] of Object.entries(table)) {
    if (typeof value === "string" || typeof value["other"] === "string") found.set(prefix + name, value as Text);
    else for (const [key, inner] of flat(value as Table, `${prefix}${name}.`)) found.set(key, inner);
  }
  return found;
}

function forms(text: Text): string[] {
  return typeof text === "string" ? [text] : Object.values(text);
}

const english = flat(tables.find(([name]) => name === "en")?.[1] ?? {});

describe.each(others)("%s", (name, table) => {
  const own = flat(table);

  test("has the keys of English and no others", () => {
    expect([...own.keys()].sort()).toEqual([...english.keys()].sort());
  });
  test("has the placeholders of English", () => {
    for (const [key, value] of own) {
      const wanted = slots(forms(english.get(key) ?? "")[0] ?? "").sort();
      for (const form of forms(value)) expect([key, slots(form).sort()]).toEqual([key, wanted]);
    }
  });
  test("has the plural forms of its language", () => {
    const wanted = [...new Intl.PluralRules(name).resolvedOptions().pluralCategories].sort();
    for (const [key, value] of own) {
      const plural = typeof english.get(key) === "object";
      expect([key, typeof value === "object"]).toEqual([key, plural]);
      if (plural) expect([key, Object.keys(value).sort()]).toEqual([key, wanted]);
    }
  });
  test("leaves no text empty", () => {
    for (const [key, value] of own) for (const form of forms(value)) expect([key, form.trim()]).not.toEqual([key, ""]);
  });
});

test("all six languages are there", () => {
  expect(tables.map(([name]) => name).sort()).toEqual(["de", "en", "es", "fr", "ja", "zh"]);
});

describe("the sources", () => {
  const sources = Object.values(
    import.meta.glob<string>(["../src/**/*.{ts,svelte}", "../../src-tauri/src/**/*.rs"], {
      query: "?raw",
      import: "default",
      eager: true,
    }),
  ).join("\n");
  const literal = new Set([...sources.matchAll(/["'`]([a-z]\w*(?:\.\w+)+)["'`]/g)].map(([, key]) => key));
  // `t(`tier.${tier}`)` names every key of its form; the compiler has checked that they are there.
  const patterns = [...sources.matchAll(/`([a-z]\w*(?:\.\w+)*\.(?:\w*))\$\{[^}`]*\}(\w*)`/g)].map(
    ([, before = "", after = ""]) => new RegExp(`^${before.replaceAll(".", "\\.")}\\w+${after}$`),
  );

  test("name every key", () => {
    const unused = [...english.keys()].filter(
      (key) => !literal.has(key) && !patterns.some((pattern) => pattern.test(key)),
    );
    expect(unused).toEqual([]);
  });
  test("name no key of the tray that is not there", () => {
    const tray = [...literal].filter((key) => key?.startsWith("tray."));
    expect(tray.length).toBeGreaterThan(3);
    // The last one is Rust's own test of a key that is nowhere.
    expect(tray.filter((key) => !english.has(key ?? ""))).toEqual(["tray.nothing"]);
  });
});

describe("a text", () => {
  afterEach(() => speak("en"));

  test("has its values, which are not read for placeholders", () => {
    expect(t("receipt.inserted", { target: "{reason}" })).toBe("Typed into {reason}");
  });
  test("has the plural of its language", async () => {
    expect(t("time.hours", { count: 1 })).toBe("1 hour ago");
    expect(t("time.hours", { count: 2 })).toBe("2 hours ago");
    await speak("fr");
    expect(t("time.hours", { count: 0 })).toBe("il y a 0 heure");
    await speak("ja");
    expect(t("time.hours", { count: 1 })).toBe("1 時間前");
  });
  test("is cut at its placeholders", () => {
    expect(pieces("popup.confirmCopy")).toEqual([{ text: "Press " }, { slot: "keys" }, { text: " again to copy it" }]);
  });
  test("of two languages chosen at once is the later one", async () => {
    await Promise.all([speak("de"), speak("es")]);
    expect(t("risk.safe")).toBe("Segura");
  });
});

describe("a page", () => {
  afterEach(() => speak("en"));

  test("changes its language at once", async () => {
    await settings();
    const field = find<HTMLSelectElement>("#language");
    field.value = "de";
    field.dispatchEvent(new Event("change", { bubbles: true }));
    await expect.poll(() => text("h1")).toBe("Allgemein");
    expect(document.documentElement.lang).toBe("de");
    expect(document.title).toBe("Caro – Einstellungen");
  });
  test("says in other languages that questions are in English", async () => {
    await popup("language=es");
    await expect.poll(() => text("#english")).toBe("Las preguntas solo se entienden en inglés.");
    await type("teleport my cat");
    expect(text("#english")).toContain("inglés");
    await type("list files");
    expect(document.querySelector("#english")).toBeNull();
  });
  test("does not in English", async () => {
    await popup();
    await settle();
    expect(document.querySelector("#english")).toBeNull();
  });
});
