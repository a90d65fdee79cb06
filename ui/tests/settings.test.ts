import { describe, expect, test } from "vitest";
import { combinationOf } from "../src/settings/combination";
import { all, click, find, press, settings, settle, text } from "./page";

async function choose(selector: string, value: string): Promise<void> {
  const field = find<HTMLSelectElement>(selector);
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  await settle();
}

describe("navigation", () => {
  test("opens the page the address names and marks it", async () => {
    await settings("", "about");
    expect(text("h1")).toBe("About");
    expect(find("[data-page=about]").getAttribute("aria-current")).toBe("page");
    expect(all("[aria-current]")).toHaveLength(1);
    expect(text("#privacy")).toContain("Everything stays on this machine");
    location.hash = "performance";
    window.dispatchEvent(new HashChangeEvent("hashchange"));
    await settle();
    expect(text("h1")).toBe("Performance");
  });

  test("is walked with the arrow keys; Tab stops at one name", async () => {
    await settings();
    const stops = () => all("nav a").filter((name) => name.tabIndex === 0);
    expect(stops().map((name) => name.dataset["page"])).toEqual(["general"]);
    find("[data-page=general]").focus();
    await press("ArrowDown");
    expect(text("h1")).toBe("Shortcut");
    expect(document.activeElement).toBe(find("[data-page=shortcut]"));
    await press("End");
    expect(text("h1")).toBe("About");
    await press("ArrowDown");
    expect(text("h1")).toBe("General");
    expect(stops()).toEqual([find("[data-page=general]")]);
  });

  test("an unknown page is the first one", async () => {
    await settings("", "nowhere");
    expect(text("h1")).toBe("General");
  });
});

describe("general", () => {
  test.each([
    ["shortcut", "#hotkey-paused", "hotkeyPaused", true],
    ["general", "#hide-on-blur", "hideOnBlur", false],
    ["privacy", "#telemetry", "telemetry", false],
    ["privacy", "#history", "history", false],
  ] as const)("of %s, %s changes %s", async (page, selector, name, value) => {
    const backend = await settings("", page);
    await click(selector);
    expect((await backend.getSettings())[name]).toBe(value);
    expect(find(selector).getAttribute("aria-checked")).toBe(String(value));
  });

  test("the theme is put on the page at once", async () => {
    const backend = await settings();
    await choose("#theme", "contrast");
    expect((await backend.getSettings()).theme).toBe("contrast");
    expect(document.documentElement.dataset["theme"]).toBe("contrast");
  });

  test("the shell can be given back to the user's own", async () => {
    const backend = await settings();
    await choose("#shell", "fish");
    expect((await backend.getSettings()).shell).toBe("fish");
    await choose("#shell", "");
    expect((await backend.getSettings()).shell).toBeNull();
  });

  test("shows a change made elsewhere", async () => {
    const backend = await settings("", "shortcut");
    await backend.updateSettings({ hotkeyPaused: true });
    await settle();
    expect(find("#hotkey-paused").getAttribute("aria-checked")).toBe("true");
    expect(find("#hotkey-state").dataset["state"]).toBe("paused");
  });
});

describe("the hotkey", () => {
  test("is live and can be typed", async () => {
    const backend = await settings("", "shortcut");
    expect(find("#hotkey-state").dataset["state"]).toBe("live");
    find<HTMLInputElement>("#hotkey").value = "Ctrl+Alt+K";
    find("#hotkey").focus();
    await press("Enter");
    expect((await backend.getSettings()).hotkey).toBe("Ctrl+Alt+K");
  });

  test("is recorded as it is pressed; Escape leaves it", async () => {
    const backend = await settings("", "shortcut");
    await click("button[aria-pressed]");
    await press("Escape");
    expect(find("button[aria-pressed]").getAttribute("aria-pressed")).toBe("false");
    await click("button[aria-pressed]");
    await press("Control", { code: "ControlLeft", ctrlKey: true });
    await press("k", { code: "KeyK", ctrlKey: true, shiftKey: true });
    expect((await backend.getSettings()).hotkey).toBe("Ctrl+Shift+K");
    expect(find("button[aria-pressed]").getAttribute("aria-pressed")).toBe("false");
  });

  test("that is taken is said, kept as it was, and free ones are offered", async () => {
    const backend = await settings("", "shortcut");
    await click("button[aria-pressed]");
    await press("t", { code: "KeyT", ctrlKey: true, altKey: true });
    expect(text("[role=alert]")).toContain("another program has Ctrl+Alt+T");
    expect((await backend.getSettings()).hotkey).toBe("Ctrl+Alt+Space");
    await click("[data-binding='Ctrl+Alt+C']");
    expect((await backend.getSettings()).hotkey).toBe("Ctrl+Alt+C");
    expect(all("[role=alert]")).toHaveLength(0);
    expect(find<HTMLInputElement>("#hotkey").value).toBe("Ctrl+Alt+C");
  });

  test.each([
    ["Space", { ctrlKey: true, altKey: true }, "Ctrl+Alt+Space"],
    ["KeyA", { ctrlKey: true, altKey: true, shiftKey: true, metaKey: true }, "Ctrl+Alt+Shift+Super+A"],
    ["Digit1", { altKey: true }, "Alt+1"],
    ["F9", {}, "F9"],
    ["KeyA", {}, null],
    ["KeyA", { shiftKey: true }, null],
    ["ShiftLeft", { shiftKey: true, ctrlKey: true }, null],
    ["", { ctrlKey: true }, null],
  ])("%j with %o is %j", (code, init, combination) => {
    expect(combinationOf(new KeyboardEvent("keydown", { code, ...init }))).toBe(combination);
  });
});

describe("the other hotkeys", () => {
  test("can be given and taken away, and say nothing while all is well", async () => {
    const backend = await settings("", "shortcut");
    const field = find<HTMLInputElement>("#hotkey-clipboard");
    expect(field.value).toBe("");
    field.value = "Ctrl+Alt+V";
    field.focus();
    await press("Enter");
    expect((await backend.getSettings()).hotkeyClipboard).toBe("Ctrl+Alt+V");
    field.value = "";
    await press("Enter");
    expect((await backend.getSettings()).hotkeyClipboard).toBeNull();
    expect(all("#hotkey-clipboard-state")).toHaveLength(0);
  });

  test("are left to the applications in the list", async () => {
    const backend = await settings("", "shortcut");
    const field = find<HTMLInputElement>("#hotkey-ignored");
    field.value = " mpv,, VirtualBox Machine ";
    field.dispatchEvent(new Event("change", { bubbles: true }));
    await settle();
    expect((await backend.getSettings()).hotkeyIgnored).toEqual(["mpv", "VirtualBox Machine"]);
  });
});

describe("the terminals", () => {
  test("are named with the way a command takes", async () => {
    await settings("", "terminals");
    expect(text("[data-way=told]")).toBe("tmux, GNU screen, kitty");
    expect(text("[data-way=typed]")).toBe("xterm, GNOME Terminal");
    expect(text("#terminals pre")).toContain("allow_remote_control");
  });
});
