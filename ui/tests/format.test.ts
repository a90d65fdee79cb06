import { describe, expect, test } from "vitest";
import { ago, bytes, count, duration, percent, receiptText, visible } from "../src/lib/format";

// A space in a row stands for the no-break space between a number and its unit.
const unit = (text: string) => text.replaceAll(" ", "\u00a0");

test.each([
  [0, "0 µs"],
  [999, "999 µs"],
  [1000, "1.0 ms"],
  [9940, "9.9 ms"],
  [12_400, "12 ms"],
  [1_300_000, "1.3 s"],
  [Number.NaN, "–"],
  [-1, "–"],
])("%d microseconds read %s", (us, text) => expect(duration(us)).toBe(unit(text)));

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [73_400_320, "70 MiB"],
  [3 * 1024 ** 3, "3.0 GiB"],
])("%d bytes read %s", (size, text) => expect(bytes(size)).toBe(unit(text)));

test.each([
  [0, "0 %"],
  [0.004, "<1 %"],
  [0.955, "96 %"],
  [Number.NaN, "–"],
])("a share of %d reads %s", (share, text) => expect(percent(share)).toBe(unit(text)));

test("large numbers are grouped", () => expect(count(12_480)).toBe("12\u2009480"));

test.each([
  [0, "just now"],
  [59, "just now"],
  [60, "1 minute ago"],
  [7199, "1 hour ago"],
  [172_800, "2 days ago"],
  [-5, "just now"],
])("%d seconds are %s", (seconds, text) => expect(ago(1_000_000 - seconds, 1_000_000)).toBe(text));

describe("a receipt", () => {
  const receipt = { channel: null, target: null, reason: null };
  test.each([
    [{ ...receipt, outcome: "copied", channel: "clipboard" }, "Copied to the clipboard"],
    [
      { ...receipt, outcome: "copied", reason: "no terminal had the focus" },
      "Copied instead: no terminal had the focus",
    ],
    [{ ...receipt, outcome: "inserted", channel: "xtest", target: "xterm" }, "Typed into xterm"],
    [{ ...receipt, outcome: "inserted", channel: "tmux", target: "kitty" }, "Typed into kitty (tmux)"],
    [{ ...receipt, outcome: "refused", reason: "deletes the root" }, "Refused: deletes the root"],
    [{ ...receipt, outcome: "failed", reason: "no clipboard" }, "Failed: no clipboard"],
  ] as const)("%o reads %s", (given, text) => expect(receiptText(given)).toBe(text));
});

test.each([
  ["plain ünïcode 日本 🙂", "plain ünïcode 日本 🙂"],
  ["a\u202eb", "a⟨U+202E⟩b"],
  ["a\nb\tc\u0000", "a⟨U+000A⟩b⟨U+0009⟩c⟨U+0000⟩"],
  ["\ufeff\u2066\u200d", "⟨U+FEFF⟩⟨U+2066⟩⟨U+200D⟩"],
])("%j is shown as %s", (given, text) => expect(visible(given)).toBe(text));
