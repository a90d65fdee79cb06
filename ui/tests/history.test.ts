import { describe, expect, test } from "vitest";
import { all, click, find, popup, press, settings, settle, text, type } from "./page";

async function enter(selector: string, value: string, event: "input" | "change" = "input"): Promise<void> {
  const field = find<HTMLInputElement>(selector);
  field.value = value;
  field.dispatchEvent(new Event(event, { bubbles: true }));
  await settle();
}

const commands = (): string[] => all("#history-entries code").map((code) => code.textContent ?? "");

describe("what is kept", () => {
  test.each([
    ["#private", "private", true],
    ["#history", "history", false],
    ["#telemetry", "telemetry", false],
  ] as const)("%s changes %s", async (selector, name, value) => {
    const backend = await settings("", "privacy");
    await click(selector);
    expect((await backend.getSettings())[name]).toBe(value);
    expect(find(selector).getAttribute("aria-checked")).toBe(String(value));
  });

  test("for how long and how much can be chosen, and nonsense changes nothing", async () => {
    const backend = await settings("", "privacy");
    await enter("#history-days", "30", "change");
    await enter("#history-entries-kept", "500", "change");
    expect(await backend.getSettings()).toMatchObject({ historyDays: 30, historyEntries: 500 });
    await enter("#history-entries-kept", "0", "change");
    expect(find<HTMLInputElement>("#history-entries-kept").value).toBe("500");
    await enter("#history-days", "", "change");
    expect((await backend.getSettings()).historyDays).toBeNull();
  });

  test("a number of days set elsewhere is among the choices", async () => {
    const backend = await settings("", "privacy");
    await backend.updateSettings({ historyDays: 45 });
    await settle();
    expect(find<HTMLSelectElement>("#history-days").value).toBe("45");
  });
});

describe("the entries", () => {
  test("are listed, found as one types, and counted in words when there are none", async () => {
    await settings("", "privacy");
    expect(commands()).toHaveLength(4);
    await enter("#history-search", "commi las");
    expect(commands()).toEqual(["git reset --soft HEAD~1"]);
    await enter("#history-search", "nothing of the kind");
    expect(text("main")).toContain("Nothing found");
    expect(all("#delete-history")).toHaveLength(0);
  });

  test("say when a secret was left out", async () => {
    await settings("", "privacy");
    expect(text("[data-entry='2']")).toContain("A secret was left out");
    expect(text("[data-entry='4']")).not.toContain("secret");
  });

  test("are pinned, renamed and deleted by the keyboard alone", async () => {
    const backend = await settings("", "privacy");
    find("[data-entry='1'] [data-do=pin]").focus();
    await click("[data-entry='1'] [data-do=pin]");
    expect(commands()[0]).toBe("rm -rf /");
    expect(find("[data-entry='1'] [data-do=pin]").getAttribute("aria-pressed")).toBe("true");
    // F2 names it, Escape leaves it, Enter keeps it.
    find("[data-entry='3'] [data-do=pin]").focus();
    await press("F2");
    await press("Escape");
    expect(all("[data-entry='3'] .name")).toHaveLength(0);
    expect(document.activeElement).toBe(find("[data-entry='3'] [data-do=rename]"));
    await press("F2");
    find<HTMLInputElement>("[data-entry='3'] input").value = "oops";
    await press("Enter");
    expect(text("[data-entry='3'] .name")).toBe("oops");
    expect((await backend.findHistory("oops", 9)).map((entry) => entry.id)).toEqual([3]);
    // The arrows go from row to row, and after Delete the focus is in the next one.
    const ids = all("#history-entries li").map((row) => row.dataset["entry"]);
    find(`[data-entry='${ids[0]}'] [data-do=pin]`).focus();
    await press("ArrowDown");
    expect(document.activeElement?.closest("li")?.dataset["entry"]).toBe(ids[1]);
    await press("Delete");
    expect(all("#history-entries li")).toHaveLength(3);
    expect(document.activeElement?.closest("li")?.dataset["entry"]).toBe(ids[2]);
  });

  test("have names for screen readers", async () => {
    await settings("", "privacy");
    for (const button of all("#history-entries button")) {
      expect(button.getAttribute("aria-label")).toMatch(/find|git|mysql|rm/);
    }
  });

  test("that are gone already are said and taken off the list", async () => {
    const backend = await settings("", "privacy");
    await backend.deleteHistoryEntry(4);
    await click("[data-entry='4'] [data-do=pin]");
    expect(text("[role=alert]")).toContain("no entry 4");
    expect(commands()).toHaveLength(3);
  });

  test("are exported to a file that is named", async () => {
    await settings("", "privacy");
    await click("#export-history");
    expect(text(".exported")).toContain("/home/ada/Downloads/caro-history");
  });

  test("are all deleted on the second, deliberate press", async () => {
    const backend = await settings("", "privacy");
    await click("#delete-history");
    expect(document.activeElement?.textContent?.trim()).toBe("Keep");
    expect(await backend.findHistory("", 10)).toHaveLength(4);
    await click("#delete-history-confirm");
    expect(await backend.findHistory("", 10)).toHaveLength(0);
    expect(commands()).toHaveLength(0);
  });

  test("are none at first, which is said", async () => {
    await settings("empty", "privacy");
    expect(text("main")).toContain("Nothing accepted yet");
    expect(all("#delete-history")).toHaveLength(0);
  });
});

describe("the popup", () => {
  const past = (backend: Awaited<ReturnType<typeof popup>>) => ({ findHistory: backend.findHistory });

  test("offers what was asked before while the field is empty, the favorites first", async () => {
    const backend = await popup("", past);
    await backend.pinHistory(3, true);
    backend.show();
    await settle();
    const offers = all("#offers [role=option]").map((offer) => offer.dataset["example"]);
    expect(offers[0]).toBe("undo the last commit");
    expect(offers).toContain("make a folder called photos");
    await press("ArrowDown");
    await press("Enter");
    expect(find<HTMLInputElement>("#query").value).toBe("undo the last commit");
  });

  test("offers what was asked before when it matches and nobody knows", async () => {
    await popup("", past);
    await type("log in shop quux");
    expect(all("[data-past]")).toHaveLength(0);
    await type("shop");
    expect(all("[data-past]").map((offer) => offer.dataset["example"])).toEqual(["log in to the shop database"]);
  });

  test("says that nothing is kept, and a press ends it", async () => {
    const backend = await popup("", (fake) => ({
      getSession: async () => ({ ...(await fake.getSession()), private: true }),
    }));
    await backend.setPrivate(true);
    expect(text("#private")).toContain("nothing is kept");
    await click("#private");
    expect((await backend.getSettings()).private).toBe(false);
  });
});
