// What the numbers of a performance view come to: the tiles, their verdicts, the shares of the tiers. Pure.

import { bytes, count, duration, percent } from "../../lib/format";
import type { PerformanceView, Tier } from "../../lib/ipc/bindings";
import { t } from "../../lib/text";

/** How a number stands to its target. */
export type Verdict = "met" | "missed";

export type Tile = {
  id: string;
  label: string;
  value: string;
  /** What the number is made of. */
  note: string | null;
  /** The target in words, and how the number stands to it. */
  target: { text: string; verdict: Verdict } | null;
};

export function verdict(value: number, target: number): Verdict {
  return value <= target ? "met" : "missed";
}

function against(value: number, target: number, format: (value: number) => string): Tile["target"] {
  const kept = verdict(value, target);
  return {
    text: t(kept === "met" ? "performance.under" : "performance.over", { limit: format(target) }),
    verdict: kept,
  };
}

const order: Tier[] = ["cache", "rules", "semantic", "embedded", "remote", "none"];

/** The view with its tiers in the order in which they are asked. */
export function inOrder(view: PerformanceView): PerformanceView {
  const tiers = view.tiers.toSorted((a, b) => order.indexOf(a.tier) - order.indexOf(b.tier));
  return { ...view, tiers };
}

/** True when nothing was measured in the range. */
export function isEmpty(view: PerformanceView): boolean {
  return view.tiers.length === 0 && view.popup === null && view.resources.length === 0;
}

export function tiles(view: PerformanceView): Tile[] {
  const made: Tile[] = [];
  const asked = view.tiers.reduce((sum, tier) => sum + tier.count, 0);
  const unanswered = view.tiers.find(({ tier }) => tier === "none")?.count ?? 0;
  const main = view.tiers.filter(({ tier }) => tier !== "none").sort((a, b) => b.count - a.count)[0];
  if (asked > 0) {
    made.push({
      id: "asked",
      label: t("performance.questions"),
      value: count(asked),
      note: t("performance.questionsAnswered", { share: percent((asked - unanswered) / asked) }),
      target: null,
    });
  }
  if (main !== undefined) {
    made.push({
      id: "answer",
      label: t("performance.answerP99", { tier: t(`tier.${main.tier}`) }),
      value: duration(main.p99Us),
      note: null,
      target: against(main.p99Us, main.targetP99Us, duration),
    });
  }
  if (view.popup !== null) {
    made.push({
      id: "popup",
      label: t("performance.popupP99"),
      value: duration(view.popup.p99Us),
      note: null,
      target: against(view.popup.p99Us, view.popup.targetP99Us, duration),
    });
  }
  const last = view.resources.at(-1);
  if (last !== undefined) {
    made.push({
      id: "memory",
      label: t("performance.memoryNow"),
      value: bytes(last.residentBytes),
      note: null,
      target: against(last.residentBytes, view.residentTargetBytes, bytes),
    });
  }
  return made;
}

/** The share of each tier in all answers, the largest first. */
export function shares(view: PerformanceView): { tier: Tier; share: number }[] {
  const all = view.tiers.reduce((sum, { count }) => sum + count, 0);
  if (all === 0) return [];
  return view.tiers
    .map(({ tier, count }) => ({ tier, share: count / all }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
}
