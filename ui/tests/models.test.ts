import { describe, expect, test } from "vitest";
import { all, click, find, settings, settle, text } from "./page";

const SMALL = "#model-smollm-135m";

async function write(selector: string, value: string): Promise<void> {
  const field = find<HTMLInputElement>(selector);
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  await settle();
}

describe("a model", () => {
  test("says what it is, what it costs and what it is good for", async () => {
    await settings("", "models");
    expect(all("article")).toHaveLength(3);
    expect(text(SMALL)).toContain("Apache-2.0");
    expect(text("[id='model-qwen2.5-coder-0.5b']")).toContain("41 tokens a second here");
    expect(text("[id='model-qwen2.5-coder-1.5b']")).toContain("Recommended");
    expect(text("#asked")).toContain("the rules answer alone");
  });

  test("is fetched, paused, resumed and there", async () => {
    const { library } = await settings("", "models");
    await click(`${SMALL} [data-act=pull]`);
    library.come("smollm-135m", 46_000_000);
    await settle();
    expect(find<HTMLProgressElement>(`${SMALL} progress`).value).toBe(46_000_000);
    await click(`${SMALL} [data-act=pause]`);
    expect(find(SMALL).dataset["state"]).toBe("begun");
    expect(text(`${SMALL} [data-act=pull]`)).toBe("Resume");
    await click(`${SMALL} [data-act=pull]`);
    library.end("smollm-135m");
    await settle();
    expect(find(SMALL).dataset["state"]).toBe("installed");
    await click(`${SMALL} [data-act=use]`);
    expect(text("#asked")).toContain("smollm-135m");
    expect(text(SMALL)).toContain("In use");
  });

  test("that is given up leaves nothing", async () => {
    const { library } = await settings("", "models");
    await click(`${SMALL} [data-act=pull]`);
    library.come("smollm-135m", 46_000_000);
    await settle();
    await click(`${SMALL} [data-act=cancel]`);
    expect(find(SMALL).dataset["state"]).toBe("available");
  });

  test("that cannot be had says why, with its code and what to do", async () => {
    const { library } = await settings("", "models");
    await click(`${SMALL} [data-act=pull]`);
    library.fail("smollm-135m", "server-unreachable", "cannot reach the hub");
    await settle();
    expect(text(`${SMALL} .failed`)).toBe("cannot reach the hub — try again (server-unreachable)");
  });

  test("is removed on the second press only", async () => {
    await settings("", "models");
    const id = "qwen2.5-coder-0.5b";
    await click(`[id="remove-${id}"]`);
    expect(find(`[id="model-${id}"]`).dataset["state"]).toBe("installed");
    await click(`[id="remove-${id}-confirm"]`);
    expect(find(`[id="model-${id}"]`).dataset["state"]).toBe("available");
  });

  test("gives its memory back after the minutes that were set", async () => {
    const backend = await settings("", "models");
    await write("#model-idle", "3");
    expect((await backend.getSettings()).modelIdleMinutes).toBe(3);
    await write("#model-confidence", "400");
    expect((await backend.getSettings()).modelConfidence).toBe(100);
  });
});

describe("a server", () => {
  test("shows what would be sent to it", async () => {
    const backend = await settings("", "models");
    expect(document.querySelector("#preview")).toBeNull();
    await write("#remote-url", " http://localhost:11434/v1 ");
    await write("#remote-model", "big");
    expect((await backend.getSettings()).remoteUrl).toBe("http://localhost:11434/v1");
    await click("#preview");
    expect(text("#previewed")).toContain('"question": "find large files over 100MB"');
    await write("#remote-url", "");
    expect((await backend.getSettings()).remoteUrl).toBeNull();
    expect(document.querySelector("#previewed")).toBeNull();
  });
});

describe("the first steps", () => {
  test("say which key is live and notice that it works", async () => {
    const backend = await settings("", "welcome");
    expect(text("#press")).toContain("Press Ctrl Alt Space");
    expect(find("#tried").dataset["tried"]).toBe("false");
    backend.show();
    await settle();
    expect(text("#tried")).toBe("It works: the popup opened.");
  });

  test("offer a model and starting at login", async () => {
    const backend = await settings("", "welcome");
    await click("[id='model-qwen2.5-coder-1.5b'] [data-act=pull]");
    expect(document.querySelector("progress")).not.toBeNull();
    await click("#login");
    expect((await backend.getStatus()).startsAtLogin).toBe(true);
  });
});

describe("safety", () => {
  test("lists the user's own rules and what is wrong with them", async () => {
    await settings("", "safety");
    expect(all("[data-level]")).toHaveLength(4);
    expect(text("[data-rule='git.push-force']")).toBe("git.push-force counts as Blocked");
    expect(text("[data-allowed]")).toContain("rm -rf target in /home/ada/src/caro");
    expect(text("#policy-file")).toContain("policy.toml");
    expect(text(".problem")).toContain("delete.everything");
  });
  test("says when there are none", async () => {
    await settings("empty", "safety");
    expect(text("#no-rules")).toContain("None");
  });
});

test("diagnostics are copied and shown", async () => {
  await settings("", "about");
  await click("#diagnostics");
  expect(text("#copied")).toContain("system: linux");
});
