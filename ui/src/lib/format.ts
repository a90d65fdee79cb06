// Numbers and text as people read them. Pure; the only place that decides on units.

import type { ReceiptView, ThinkingView } from "./ipc/bindings";
import { t } from "./text";

const dash = "–";
/** A number is not broken from its unit. */
const space = "\u00a0";

/** Microseconds with the unit that keeps two or three digits: `850 µs`, `4.2 ms`, `1.3 s`. */
export function duration(us: number): string {
  if (!Number.isFinite(us) || us < 0) return dash;
  if (us < 1000) return `${Math.round(us)}${space}µs`;
  if (us < 1_000_000) return `${digits(us / 1000)}${space}ms`;
  return `${digits(us / 1_000_000)}${space}s`;
}

/** Bytes in binary units, as the targets are written: `62 MiB`. */
export function bytes(count: number): string {
  if (!Number.isFinite(count) || count < 0) return dash;
  const units = ["B", "KiB", "MiB", "GiB"] as const;
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : digits(value)}${space}${units[unit]}`;
}

/** A whole number with thin groups: `12 480`. */
export function count(value: number): string {
  return value.toLocaleString("en-US").replaceAll(",", "\u2009");
}

export function percent(share: number): string {
  if (!Number.isFinite(share)) return dash;
  if (share > 0 && share < 0.01) return `<1${space}%`;
  return `${Math.round(share * 100)}${space}%`;
}

/** How long ago, in words. */
export function ago(unixS: number, nowUnixS: number): string {
  const seconds = Math.max(0, nowUnixS - unixS);
  const steps = [
    [86_400, "days"],
    [3600, "hours"],
    [60, "minutes"],
  ] as const;
  for (const [size, name] of steps) {
    const whole = Math.floor(seconds / size);
    if (whole >= 1) return t(`time.${name}`, { count: whole });
  }
  return t("time.now");
}

function digits(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

// Controls, zero-width and bidirectional formatting characters: a command that holds one would not look like what it is.
// eslint-disable-next-line no-control-regex
const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/** The text with every character that would not show replaced by its number: `⟨U+202E⟩`. */
export function visible(text: string): string {
  return text.replace(unseen, (character) => {
    const number = character.codePointAt(0) ?? 0;
    return `⟨U+${number.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

/** True for a receipt that must be seen: the command went nowhere. */
export function isLoud(receipt: ReceiptView): boolean {
  return receipt.outcome === "refused" || receipt.outcome === "failed";
}

/** What happened to an accepted command, in one line. */
export function receiptText(receipt: ReceiptView): string {
  const { outcome, reason } = receipt;
  const target = receipt.target ?? t("receipt.terminal");
  switch (outcome) {
    case "copied":
      return reason === null ? t("receipt.copied") : t("receipt.copiedInstead", { reason });
    case "inserted":
      return receipt.channel === "tmux" && !target.startsWith("tmux")
        ? t("receipt.insertedBy", { target, channel: "tmux" })
        : t("receipt.inserted", { target });
    case "refused":
    case "failed":
      return reason === null ? t(`receipt.${outcome}`) : t(`receipt.${outcome}Because`, { reason });
  }
}

/** What a language model is at, in words. */
export function thinkingText(thinking: ThinkingView, model: string): string {
  return t(`thinking.${thinking.stage}`, { model: visible(model) });
}
