// What the user makes of a command before taking it: fields, words of their own, the safer one.

import { describe, expect, test } from "vitest";
import { all, find, popup, press, settle, text, type } from "./page";

const field = (name: string) => find<HTMLInputElement>(`[data-field="${name}"]`);
const command = () => find('#suggestions [aria-selected="true"]').dataset["command"];

async function enter(into: HTMLInputElement | HTMLTextAreaElement, value: string): Promise<void> {
  into.value = value;
  into.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await settle();
}

describe("a command with blanks", () => {
  test("has fields, and Tab goes around them and the question", async () => {
    await popup();
    await type("connect");
    expect(all("[data-field]").map((input) => input.dataset["field"])).toEqual(["user", "host"]);
    const order: (string | undefined)[] = [];
    for (const shiftKey of [false, false, false, true]) {
      await press("Tab", { shiftKey });
      const at = document.activeElement as HTMLElement;
      order.push(at.dataset["field"] ?? at.id);
    }
    expect(order).toEqual(["user", "host", "query", "host"]);
  });

  test("is not taken before it is whole: Enter goes to what it lacks", async () => {
    const { session } = await popup();
    await type("connect");
    await press("Enter");
    expect(session.accepted).toEqual([]);
    expect(document.activeElement).toBe(field("user"));
    expect(text("[aria-live=polite]")).toBe("Fill in user first");
    await enter(field("user"), "ada");
    await press("Enter");
    expect(document.activeElement).toBe(field("host"));
    await enter(field("host"), "my host");
    expect(command()).toBe("ssh ada@'my host'");
    await press("Enter");
    expect(session.accepted).toEqual([{ how: "copy", command: "ssh ada@'my host'" }]);
  });

  test("loses its values with Escape, and the field is empty again", async () => {
    await popup();
    await type("connect");
    await press("Tab");
    await enter(field("user"), "ada");
    await press("Escape");
    expect(command()).toBe("ssh '<user>'@'<host>'");
    expect(field("user").value).toBe("");
    expect(find<HTMLInputElement>("#query").value).toBe("connect");
  });

  test("keeps what is typed while an answer is on its way", async () => {
    const waiting: (() => void)[] = [];
    await popup("", (backend) => ({
      fillBlank: async (name, value, revision) => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return backend.fillBlank(name, value, revision);
      },
    }));
    await type("connect");
    await press("Tab");
    await enter(field("user"), "a");
    await enter(field("user"), "ad");
    waiting[0]?.();
    await settle();
    expect(field("user").value).toBe("ad");
    waiting[1]?.();
    await settle();
    expect(command()).toBe("ssh ad@'<host>'");
  });
});

describe("editing", () => {
  const area = () => find<HTMLTextAreaElement>("#edit");

  test.each([
    ["Ctrl+E", "e", { ctrlKey: true }],
    ["F2", "F2", {}],
  ])("begins with %s, judges every change and takes what stands there", async (_, key, init) => {
    const { session } = await popup();
    await type("list files");
    await press(key, init);
    expect(document.activeElement).toBe(area());
    expect(area().value).toBe("ls -la");
    await enter(area(), "rm -rf /");
    expect(text("#form .verdict")).toContain("Blocked");
    await press("Enter");
    expect(session.accepted).toEqual([]);
    await enter(area(), "ls -la ~");
    await press("Enter");
    expect(session.accepted).toEqual([{ how: "copy", command: "ls -la ~" }]);
  });

  test("ends with Escape, which brings back what was proposed and the field", async () => {
    await popup();
    await type("list files");
    await press("F2");
    await enter(area(), "ls");
    await press("Escape");
    expect(all("#edit")).toHaveLength(0);
    expect(command()).toBe("ls -la");
    expect(document.activeElement).toBe(find("#query"));
  });

  test("leaves the arrows to the text", async () => {
    await popup();
    await type("list files");
    await press("F2");
    await press("ArrowDown");
    expect(all("#edit")).toHaveLength(1);
    expect(command()).toBe("ls -la");
  });
});

test("Ctrl+S takes the safer command, Escape the first one again", async () => {
  const { session } = await popup();
  await type("delete all log files");
  await press("s", { ctrlKey: true });
  expect(command()).toBe("find . -type f -name '*.log' -print");
  await press("Escape");
  expect(command()).toBe("find . -type f -name '*.log' -delete");
  await press("s", { ctrlKey: true });
  await press("Enter");
  expect(session.accepted).toEqual([{ how: "copy", command: "find . -type f -name '*.log' -print" }]);
});

describe("up from an empty field", () => {
  const question = () => find<HTMLInputElement>("#query").value;

  test("are the earlier questions, down again is an empty one", async () => {
    await popup();
    const seen: string[] = [];
    for (const key of ["ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown"]) {
      await press(key);
      seen.push(question());
    }
    expect(seen).toEqual(["undo the last commit", "list files", "list files", "undo the last commit", ""]);
  });

  test("any other key gives the arrows back to the list", async () => {
    await popup();
    await press("ArrowUp");
    await press("ArrowUp");
    await press("End");
    await press("ArrowDown");
    expect(question()).toBe("list files");
    expect(command()).toBe("ls -lat");
  });

  test("it is left to the list when a row of it is chosen", async () => {
    await popup();
    await press("ArrowDown");
    await press("ArrowUp");
    expect(question()).toBe("");
  });
});

test("the window is dragged by its head, not by the field in it", async () => {
  let drags = 0;
  await popup("", (backend) => ({
    dragPopup: () => {
      drags += 1;
      return backend.getSession();
    },
  }));
  for (const [selector, expected] of [
    ["#query", 0],
    ["button[aria-label='Settings']", 0],
    [".query", 1],
    [".query svg", 2],
  ] as const) {
    find(selector).dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true }));
    await settle();
    expect(drags, selector).toBe(expected);
  }
});

test("Ctrl+P keeps the popup open, and says so", async () => {
  const { session } = await popup();
  await press("p", { ctrlKey: true });
  expect(session.view().pinned).toBe(true);
  expect(find("button[aria-label='Keep open']").getAttribute("aria-pressed")).toBe("true");
});

test("a command that follows on from another says from which", async () => {
  const { session } = await popup();
  await type("list files");
  const known = session.view().answer;
  const suggestions = (known?.suggestions ?? []).map((made) => ({ ...made, intent: "refine.follow-up" }));
  session.become({ earlier: "list files", answer: known === null ? null : { ...known, suggestions } });
  await settle();
  expect(text(".follows")).toBe("Follows on from “list files”");
});

test("Ctrl+I explains the command word by word, and no longer", async () => {
  await popup();
  await type("list files");
  await press("i", { ctrlKey: true });
  expect(text("#parts")).toContain("ls a program");
  expect(all("#parts dt")).toHaveLength(2);
  await press("i", { ctrlKey: true });
  expect(all("#parts")).toHaveLength(0);
});
