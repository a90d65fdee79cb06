// The charts as uPlot takes them: series, axes and what is drawn over them. No DOM but the canvas uPlot hands in.

import "./language";
import uPlot from "uplot";
import { bytes, duration } from "../../lib/format";
import type { PerformanceView } from "../../lib/ipc/bindings";
import { t } from "../../lib/text";

/** The colors of the page at the time of drawing; a canvas cannot name a variable. */
export type Ink = Record<"text" | "line" | "accent" | "second" | "quiet" | "target", string>;

/** A chart without its size. */
export type Plot = { options: Omit<uPlot.Options, "width" | "height">; points: uPlot.AlignedData };

export function ink(page: CSSStyleDeclaration, resolve: (color: string) => string): Ink {
  const color = (name: string) => resolve(page.getPropertyValue(name).trim());
  return {
    text: color("--text-quiet"),
    line: color("--line"),
    accent: color("--accent"),
    second: color("--code-flag"),
    quiet: color("--line-strong"),
    target: color("--dangerous"),
  };
}

/** From one bar of a group to the next, of the distance between groups. */
const BESIDE = 0.22;

const face = "12px system-ui, sans-serif";

function axis(ink: Ink, rest: uPlot.Axis): uPlot.Axis {
  return { stroke: ink.text, font: face, grid: { stroke: ink.line, width: 1 }, ticks: { show: false }, ...rest };
}

const still: Pick<uPlot.Options, "cursor" | "legend"> = { cursor: { show: false }, legend: { show: false } };

/** p50, p90 and p99 of each tier and of the popup as neighboring bars, with the target of the p99 as a line over them. */
export function latency(view: PerformanceView, ink: Ink): Plot {
  const groups = view.tiers.map((tier) => ({ name: t(`tier.${tier.tier}`), ...tier }));
  if (view.popup !== null) groups.push({ name: t("performance.popup"), tier: "none", ...view.popup });
  const bars = uPlot.paths.bars?.({ size: [0.9, 32] });
  const bar = (label: string, fill: string): uPlot.Series => ({
    label,
    fill,
    stroke: fill,
    width: 0,
    paths: bars ?? (() => null),
    points: { show: false },
  });
  const targets = (plot: uPlot): void => {
    const { ctx } = plot;
    ctx.save();
    ctx.strokeStyle = ink.target;
    ctx.lineWidth = 2 * devicePixelRatio;
    groups.forEach((group, index) => {
      const y = plot.valToPos(group.targetP99Us, "y", true);
      const reach = plot.valToPos(0.38, "x", true) - plot.valToPos(0, "x", true);
      const x = plot.valToPos(index, "x", true);
      ctx.beginPath();
      ctx.moveTo(x - reach, y);
      ctx.lineTo(x + reach, y);
      ctx.stroke();
    });
    ctx.restore();
  };
  const least = Math.min(...groups.map((group) => group.p50Us), 100);
  const most = Math.max(...groups.map((group) => Math.max(group.p99Us, group.targetP99Us)), 1000);
  return {
    options: {
      ...still,
      scales: {
        x: { time: false, range: [-0.6, groups.length - 0.4] },
        // From a microsecond to seconds on one page: only a logarithm shows both.
        y: { distr: 3, range: [10 ** Math.floor(Math.log10(Math.max(least, 1)) - 0.01), most * 1.6] },
      },
      axes: [
        axis(ink, {
          size: 24,
          gap: 8,
          grid: { show: false },
          splits: groups.map((_, index) => index),
          values: (_, splits) => splits.map((split) => groups[split]?.name ?? ""),
        }),
        axis(ink, {
          size: 64,
          splits: (_, __, from, to) => powers(from, to),
          values: (_, splits) => splits.map(duration),
          filter: (_, splits) => splits,
        }),
      ],
      series: [{}, bar("p50", ink.accent), bar("p90", ink.second), bar("p99", ink.quiet)],
      hooks: { draw: [targets] },
    },
    // The bars of a group stand beside each other, so each has a place of its own and is nothing at those of the others.
    points: [
      groups.flatMap((_, index) => [index - BESIDE, index, index + BESIDE]),
      groups.flatMap((group) => [atLeastOne(group.p50Us), null, null]),
      groups.flatMap((group) => [null, atLeastOne(group.p90Us), null]),
      groups.flatMap((group) => [null, null, atLeastOne(group.p99Us)]),
    ],
  };
}

/** A logarithm has no place for zero. */
function atLeastOne(us: number): number {
  return Math.max(us, 1);
}

/** The powers of ten in a range: a line for each, and no finer. */
function powers(from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = 10 ** Math.ceil(Math.log10(from)); at <= to; at *= 10) found.push(at);
  return found;
}

/** Questions with a command, and on top of them those without. */
export function answers(view: PerformanceView, ink: Ink): Plot {
  const bars = uPlot.paths.bars?.({ size: [0.7, 24] });
  const bar = (label: string, fill: string): uPlot.Series => ({
    label,
    fill,
    stroke: fill,
    width: 0,
    paths: bars ?? (() => null),
    points: { show: false },
  });
  const first = view.timeline[0]?.startUnixS ?? 0;
  const last = view.timeline.at(-1)?.startUnixS ?? first;
  const step = (view.timeline[1]?.startUnixS ?? first + 60) - first;
  const most = Math.max(...view.timeline.map(({ answered, abstained }) => answered + abstained), 4);
  return {
    options: {
      ...still,
      scales: {
        x: { range: [Math.min(first, last - 11 * step) - step / 2, last + step / 2] },
        y: { range: [0, most * 1.1] },
      },
      axes: [timeAxis(ink), axis(ink, { size: 40, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000] })],
      // The sum is drawn first and the answered part over it.
      series: [{}, bar(t("performance.abstained"), ink.quiet), bar(t("performance.answered"), ink.accent)],
    },
    points: [
      view.timeline.map(({ startUnixS }) => startUnixS),
      view.timeline.map(({ answered, abstained }) => answered + abstained),
      view.timeline.map(({ answered }) => answered),
    ],
  };
}

/** Memory on the left scale with its target, CPU on the right one. */
export function resources(view: PerformanceView, ink: Ink): Plot {
  const samples = view.resources;
  const first = samples[0]?.unixS ?? 0;
  const last = samples.at(-1)?.unixS ?? first;
  const memory = Math.max(...samples.map(({ residentBytes }) => residentBytes), view.residentTargetBytes);
  const cpu = Math.max(...samples.map(({ cpuPercent }) => cpuPercent), 5);
  const line = (label: string, stroke: string, scale: string, dash?: number[]): uPlot.Series => ({
    label,
    stroke,
    scale,
    width: 1.5,
    points: { show: samples.length < 2 },
    ...(dash === undefined ? {} : { dash }),
  });
  return {
    options: {
      ...still,
      // A minute at least: uPlot would make years of one sample.
      scales: {
        x: { range: [Math.min(first, last - 60), last] },
        y: { range: [0, memory * 1.15] },
        cpu: { range: [0, cpu * 1.15] },
      },
      axes: [
        timeAxis(ink),
        axis(ink, {
          size: 64,
          incrs: [16, 32, 64, 128, 256, 512].map((mib) => mib * 1024 * 1024),
          values: (_, at) => at.map(bytes),
        }),
        axis(ink, {
          scale: "cpu",
          side: 1,
          size: 48,
          grid: { show: false },
          values: (_, at) => at.map((v) => `${v} %`),
        }),
      ],
      series: [
        {},
        line(t("performance.cpu"), ink.quiet, "cpu"),
        line(t("performance.memory"), ink.accent, "y"),
        line(t("performance.memoryTarget"), ink.target, "y", [6, 6]),
      ],
    },
    points: [
      samples.map(({ unixS }) => unixS),
      samples.map(({ cpuPercent }) => cpuPercent),
      samples.map(({ residentBytes }) => residentBytes),
      samples.map(() => view.residentTargetBytes),
    ],
  };
}

function timeAxis(ink: Ink): uPlot.Axis {
  return axis(ink, {
    size: 24,
    gap: 8,
    grid: { show: false },
    space: 80,
    values: (_, at, __, ___, step) => at.map((unixS) => clock(unixS, step)),
  });
}

function clock(unixS: number, stepS: number): string {
  const time = new Date(unixS * 1000);
  if (stepS >= 86_400) return time.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  const seconds = stepS < 60 ? ({ second: "2-digit" } as const) : {};
  return time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", ...seconds });
}
