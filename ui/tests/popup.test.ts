import { describe, expect, test } from "vitest";
import { all, click, find, keydown, popup, press, settle, text, type } from "./page";

const selected = () => find('#suggestions [aria-selected="true"]');

describe("an answer", () => {
  test("is shown for what is typed, the best command opened", async () => {
    await popup();
    await type("find large files over 100MB");
    expect(all("#suggestions [role=option]")).toHaveLength(3);
    expect(selected().dataset["command"]).toBe("find . -type f -size +100M");
    expect(selected().dataset["risk"]).toBe("safe");
    expect(selected().querySelector("code")?.textContent).toBe("find . -type f -size +100M");
    expect(selected().textContent).toContain("Lists files larger than 100 MB");
    expect(text("#origin")).toBe("Rules 380 µs → xterm");
  });

  test("is chosen with the arrow keys, which stop at the ends", async () => {
    await popup();
    await type("list files");
    await press("ArrowDown");
    expect(selected().dataset["command"]).toBe("ls -lat");
    await press("ArrowDown");
    expect(selected().dataset["command"]).toBe("ls -lat");
    await press("ArrowUp");
    await press("ArrowUp");
    expect(selected().dataset["command"]).toBe("ls -la");
  });

  test("names its chosen option to a screen reader, and the field keeps the focus", async () => {
    await popup();
    await type("list files");
    const field = find("#query");
    for (const key of ["ArrowDown", "ArrowUp"]) {
      await press(key);
      expect(document.activeElement).toBe(field);
      expect(field.getAttribute("aria-controls")).toBe("suggestions");
      expect(field.getAttribute("aria-activedescendant")).toBe(selected().id);
    }
    expect(text("[aria-live=polite]")).toBe("Safe. Lists everything in this folder, hidden files included. ls -la.");
  });

  test("marks the parts at risk and gives the reason and the safer command", async () => {
    await popup();
    await type("delete all log files");
    expect(text("#suggestions .at-risk")).toBe("-delete");
    expect(selected().textContent).toContain("Dangerous");
    expect(text("[data-rule='delete.recursive']")).toContain("no way back");
    expect(selected().textContent).toContain("Safer: find . -type f -name '*.log' -print");
  });

  test("marks nothing of a command that only calls for caution", async () => {
    await popup();
    await type("a long pipeline");
    expect(selected().dataset["risk"]).toBe("caution");
    expect(all("#suggestions .at-risk")).toHaveLength(0);
    expect(text("[data-rule='overwrite.file']")).toBe("overwrites the file when it exists");
  });

  test("stays on the screen until the next one is there", async () => {
    let release = () => {};
    await popup("", (backend) => ({
      changeQuery: async (query, revision) => {
        if (query === "list files") await new Promise<void>((resolve) => (release = resolve));
        return backend.changeQuery(query, revision);
      },
    }));
    await type("what is on port 8080");
    await type("list files");
    expect(selected().dataset["command"]).toBe("ss -ltnp 'sport = :8080'");
    release();
    await settle();
    expect(selected().dataset["command"]).toBe("ls -la");
  });

  test("is asked for once a keystroke", async () => {
    const asked: [string, number][] = [];
    await popup("", (backend) => ({
      changeQuery: (query, revision) => {
        asked.push([query, revision]);
        return backend.changeQuery(query, revision);
      },
    }));
    await type("l");
    await type("ls");
    await type("ls");
    expect(asked).toEqual([
      ["l", 1],
      ["ls", 2],
    ]);
  });
});

describe("accepting", () => {
  test.each([
    ["Enter", {}, "copy", "Copied to the clipboard"],
    ["Enter", { ctrlKey: true }, "insert", "Typed into xterm"],
  ])("%s %o is %s", async (key, modifiers, how, receipt) => {
    const { session } = await popup();
    await type("list files");
    await press(key, modifiers);
    expect(session.accepted).toEqual([{ how, command: "ls -la" }]);
    expect(text("#receipt")).toBe(receipt);
    expect(session.view().phase).toBe("hidden");
  });

  test("takes the answer to what is in the field, not the one still on the screen", async () => {
    let release = () => {};
    const { session } = await popup("", (backend) => ({
      changeQuery: async (query, revision) => {
        if (query === "list files") await new Promise<void>((resolve) => (release = resolve));
        return backend.changeQuery(query, revision);
      },
    }));
    await type("what is on port 8080");
    await type("list files");
    await press("Enter");
    expect(session.accepted).toEqual([]);
    release();
    await settle();
    expect(session.accepted).toEqual([{ how: "copy", command: "ls -la" }]);
  });

  test("a dangerous command takes the same key a second time", async () => {
    const { session } = await popup();
    await type("delete all log files");
    await press("Enter");
    expect(text(".confirm")).toBe("Press Enter again to copy it");
    expect(session.accepted).toEqual([]);
    await press("Enter", { ctrlKey: true });
    expect(text(".confirm")).toBe("Press Ctrl Enter again to type it into the terminal");
    expect(session.accepted).toEqual([]);
    await press("Enter", { ctrlKey: true });
    expect(session.accepted).toEqual([{ how: "insert", command: "find . -type f -name '*.log' -delete" }]);
  });

  test.each([
    ["marked as a repeat", { repeat: true }],
    ["not marked", {}],
  ])("a held Enter confirms nothing (its repeats %s)", async (_, init) => {
    const { session } = await popup();
    await type("delete all log files");
    keydown("Enter");
    await settle();
    for (let repeat = 0; repeat < 30; repeat += 1) {
      keydown("Enter", init);
      await settle();
    }
    expect(session.view().phase).toBe("confirming");
    expect(session.accepted).toEqual([]);
  });

  test.each([
    ["an edit", () => type("delete all log files now")],
    ["another choice", () => press("ArrowDown")],
    ["Escape", () => press("Escape")],
  ])("%s takes a confirmation back", async (_, leave) => {
    const { session } = await popup();
    await type("delete all log files");
    await press("Enter");
    await leave();
    expect(session.view().phase).toBe("editing");
    expect(all(".confirm")).toHaveLength(0);
    expect(session.accepted).toEqual([]);
  });

  test("a blocked command is refused with its reason, said at once", async () => {
    const { session } = await popup();
    await type("delete everything");
    await press("Enter");
    await press("Enter");
    await press("Enter", { ctrlKey: true });
    expect(session.accepted).toEqual([]);
    expect(text("#receipt")).toBe("Refused: deletes the root of the file system");
    expect(text("[aria-live=assertive]")).toBe("Refused: deletes the root of the file system");
    expect(all("footer .primary")).toHaveLength(0);
  });

  test("Enter works again after the popup hid while it was held", async () => {
    const { session, show } = await popup();
    await type("list files");
    keydown("Enter");
    await settle();
    show();
    await settle();
    await press("Enter");
    expect(session.accepted).toHaveLength(2);
  });
});

describe("without an answer", () => {
  test("an empty field shows examples, and a chosen one is asked", async () => {
    await popup();
    expect(all("#offers [role=option]")).toHaveLength(4);
    await press("ArrowDown");
    expect(find("#query").getAttribute("aria-activedescendant")).toBe("offer-0");
    await press("Enter");
    expect(find<HTMLInputElement>("#query").value).toBe("find large files over 100MB");
    expect(selected().dataset["command"]).toBe("find . -type f -size +100M");
  });

  test("Enter on nothing does nothing", async () => {
    const { session } = await popup();
    await press("Enter");
    expect(session.accepted).toEqual([]);
    expect(find<HTMLInputElement>("#query").value).toBe("");
  });

  test("it says so and offers the nearest questions, none of them chosen yet", async () => {
    await popup();
    await type("teleport my cat");
    expect(text("#offers-label")).toBe("No command I am sure of. Did you mean");
    expect(all("#offers [aria-selected=true]")).toHaveLength(0);
    await press("Enter");
    expect(find<HTMLInputElement>("#query").value).toBe("teleport my cat");
    await click("[data-example='list files']");
    expect(find<HTMLInputElement>("#query").value).toBe("list files");
    expect(selected().dataset["command"]).toBe("ls -la");
  });

  test("it says what a question asks for that no command should do", async () => {
    await popup();
    await type("teleport my cat");
    expect(all(".asked")).toHaveLength(0);
    await type("steal my cat");
    expect(text(".asked")).toBe("asks to take what belongs to others");
  });
});

describe("Escape", () => {
  test("clears, then hides", async () => {
    const { session } = await popup();
    await type("list files");
    await press("Escape");
    expect(find<HTMLInputElement>("#query").value).toBe("");
    expect(session.view().phase).toBe("editing");
    await press("Escape");
    expect(session.view().phase).toBe("hidden");
  });

  test("loses no letter typed while it was on its way", async () => {
    let release = () => {};
    let cleared = false;
    const { session } = await popup("", (backend) => ({
      // The app counts on when it clears the field, which makes the edit below look late to it.
      escape: async () => {
        cleared = true;
        const view = { ...(await backend.escape()), revision: 2 };
        await new Promise<void>((resolve) => (release = resolve));
        return view;
      },
      changeQuery: async (query, revision) =>
        cleared && revision <= 2
          ? { ...backend.session.view(), revision: 2 }
          : backend.session.changeQuery(query, revision),
    }));
    await type("list files");
    await press("Escape");
    await type("l");
    release();
    await settle();
    expect(find<HTMLInputElement>("#query").value).toBe("l");
    expect(session.view().query).toBe("l");
  });
});

describe("an input method", () => {
  test("is asked nothing before the composition ends", async () => {
    const { session } = await popup();
    const field = find<HTMLInputElement>("#query");
    field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
    field.value = "lis";
    field.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true }));
    await settle();
    expect(session.view().query).toBe("");
    field.value = "list files";
    field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
    await settle();
    expect(session.view().query).toBe("list files");
  });

  test.each([
    ["composing", { isComposing: true }],
    ["the closing one of WebKit", { keyCode: 229 }],
  ])("keeps its Enter and Escape (%s)", async (_, init) => {
    const { session } = await popup();
    await type("list files");
    await press("Enter", init);
    await press("Escape", init);
    expect(session.accepted).toEqual([]);
    expect(session.view().query).toBe("list files");
  });
});

describe("hostile text", () => {
  test("stays text, and what would not show is named", async () => {
    const command = "echo <img src=x onerror=alert(1)> \u202efdp.exe\u200b";
    await popup("", (backend) => ({
      changeQuery: async (query, revision) => {
        const view = await backend.changeQuery("list files", revision);
        const suggestions = (view.answer?.suggestions ?? []).map((suggestion) => ({
          ...suggestion,
          command,
          explanation: "<b>bold</b>",
          reasons: [{ rule: "a.b", message: "<i>\u2066x</i>" }],
          tokens: [{ text: command, kind: "argument" as const, atRisk: false, field: null }],
        }));
        return { ...view, query, answer: view.answer === null ? null : { ...view.answer, suggestions } };
      },
    }));
    await type("<script>alert(1)</script>");
    expect(all("#suggestions img, #suggestions b, #suggestions i, #suggestions script")).toHaveLength(0);
    expect(selected().dataset["command"]).toBe(command);
    const code = selected().querySelector("code");
    expect(code?.textContent).toBe("echo <img src=x onerror=alert(1)> ⟨U+202E⟩fdp.exe⟨U+200B⟩");
    expect(code?.getAttribute("dir")).toBe("ltr");
    expect(text("[data-rule='a.b']")).toBe("<i>⟨U+2066⟩x</i>");
  });
});

describe("notices", () => {
  test("are shown and can be put away by keyboard without touching the command", async () => {
    const { session } = await popup("notice");
    await type("list files");
    expect(text("#notices")).toContain("another program has the hotkey");
    find("#notices button").focus();
    await press("Enter");
    expect(session.accepted).toEqual([]);
    await click("#notices button");
    expect(all("#notices .notice")).toHaveLength(0);
  });

  test("say when the program did not answer, and the field keeps its text", async () => {
    await popup("", () => ({
      changeQuery: () => Promise.reject({ code: "closed", message: "the engine is gone", hint: null }),
    }));
    await type("list files");
    expect(text("#notices")).toContain("the engine is gone");
    expect(find<HTMLInputElement>("#query").value).toBe("list files");
    await click("#notices button");
    expect(all("#notices .notice")).toHaveLength(0);
  });
});

test("the theme is put on the page", async () => {
  await popup("theme=dark");
  expect(document.documentElement.dataset["theme"]).toBe("dark");
});

test("a click anywhere leaves the keyboard with the field", async () => {
  await popup();
  await type("list files");
  for (const place of ["main", "#suggestions .row", "footer"]) {
    const event = new MouseEvent("mousedown", { bubbles: true, cancelable: true });
    find(place).dispatchEvent(event);
    expect(event.defaultPrevented, place).toBe(true);
  }
  await click("#suggestions .row");
  expect(selected().dataset["command"]).toBe("ls -lat");
});

describe("shown again", () => {
  const field = () => find<HTMLInputElement>("#query");
  const selection = () => field().value.slice(field().selectionStart ?? 0, field().selectionEnd ?? 0);

  test("it holds the last question, which the first key replaces", async () => {
    const backend = await popup();
    await type("list files");
    await press("Enter");
    expect(selection()).toBe("list files");
    field().setSelectionRange(2, 2);
    backend.show();
    await settle();
    expect([field().value, selection(), document.activeElement]).toEqual(["list files", "list files", field()]);
  });

  test("a key that is faster than the news of it stays", async () => {
    const backend = await popup();
    await type("list files");
    await press("Enter");
    await type("f");
    backend.show();
    await settle();
    expect([field().value, selection()]).toEqual(["f", ""]);
  });
});

test("Ctrl+, opens the settings", async () => {
  const opened: string[] = [];
  await popup("", (backend) => ({
    openSettings: (page) => {
      opened.push(page);
      return backend.getSession();
    },
  }));
  await press(",", { ctrlKey: true });
  await press(",");
  await click("button[aria-label=Settings]");
  expect(opened).toEqual(["general", "general"]);
});

test("the menu of a browser stays away, that of the field does not", async () => {
  await popup();
  const opened = (selector: string) => {
    const event = new MouseEvent("contextmenu", { bubbles: true, cancelable: true });
    find(selector).dispatchEvent(event);
    return !event.defaultPrevented;
  };
  expect([opened("main"), opened("#query")]).toEqual([false, true]);
});

describe("a language model", () => {
  const unknown = "frobnicate the quux";

  test("is offered when nobody knows, and asked by Enter", async () => {
    const backend = await popup("model=SmolLM2");
    await type(unknown);
    expect(text("#ask-model")).toContain("Ask SmolLM2");
    await press("Enter");
    expect(find("#thinking").dataset["stage"]).toBe("loading");
    backend.session.think({ stage: "writing", permille: 1000, command: "ls -" });
    await settle();
    expect(text("#thinking code")).toBe("ls -");
    expect(all("#suggestions")).toHaveLength(0);
    backend.session.thought("ls -la");
    await settle();
    expect(selected().dataset["command"]).toBe("ls -la");
    expect(text("#origin")).toContain("Local model");
  });

  test("is stopped by Escape, which leaves the question", async () => {
    const backend = await popup("model=SmolLM2");
    await type(unknown);
    await press("Enter");
    await press("Escape");
    expect(all("#thinking")).toHaveLength(0);
    expect(find<HTMLInputElement>("#query").value).toBe(unknown);
    expect(backend.session.view().phase).toBe("editing");
  });

  test("is not asked twice what it does not know, and it is said", async () => {
    const backend = await popup("model=SmolLM2");
    await type(unknown);
    await press("Enter");
    backend.session.thought(null);
    await settle();
    expect(text("#offers-label")).toContain("SmolLM2 is not sure either");
    expect(all("#ask-model")).toHaveLength(0);
    await press("Enter");
    expect(all("#thinking")).toHaveLength(0);
  });

  test("leaves the popup whole when it is given up while it is offered", async () => {
    const backend = await popup("model=SmolLM2");
    await type(unknown);
    backend.session.become({ model: null });
    await settle();
    expect(all("#ask-model")).toHaveLength(0);
    await press("Escape");
    expect(text("#offers-label")).toContain("Ask in your own words");
    await type("list files");
    expect(selected().dataset["command"]).toBe("ls -la");
  });

  test("leaves the popup whole when the question goes while it is offered", async () => {
    await popup("model=SmolLM2");
    await type(unknown);
    expect(all("#ask-model")).toHaveLength(1);
    await press("Escape");
    expect(text("#offers-label")).toContain("Ask in your own words");
    await type("list files");
    expect(selected().dataset["command"]).toBe("ls -la");
  });

  test("is not offered where there is none", async () => {
    await popup();
    await type(unknown);
    expect(all("#ask-model")).toHaveLength(0);
    await press("Enter");
    expect(all("#thinking")).toHaveLength(0);
  });

  test("takes nothing that is typed on: a new question stops it", async () => {
    await popup("model=SmolLM2");
    await type(unknown);
    await press("Enter");
    await type("list files");
    expect(selected().dataset["command"]).toBe("ls -la");
  });
});
