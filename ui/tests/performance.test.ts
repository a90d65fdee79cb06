import { describe, expect, test } from "vitest";
import type { TierView } from "../src/lib/ipc/bindings";
import { performance } from "../src/lib/ipc/fake/measurement";
import { inOrder, isEmpty, shares, tiles } from "../src/settings/performance/figures";
import { languageTag } from "../src/settings/performance/language";
import { answers, latency, resources, type Ink } from "../src/settings/performance/plot";
import { all, click, find, settings, settle, text } from "./page";

const view = performance(24, 1_800_000_000);
const cache: TierView = { tier: "cache", count: 214, p50Us: 4, p90Us: 9, p99Us: 21, targetP99Us: 1000, histogram: [] };
const ink: Ink = { text: "#000", line: "#000", accent: "#000", second: "#000", quiet: "#000", target: "#000" };

describe("the page", () => {
  test("has a row for each tier, with the exact numbers for whoever reads them", async () => {
    await settings("", "performance");
    const rows = all("#tiers tbody tr").map((row) => ({ ...row.dataset }));
    expect(rows).toEqual([
      { tier: "cache", count: "214", p50: "4", p99: "21" },
      { tier: "rules", count: "486", p50: "92", p99: "610" },
      { tier: "none", count: "38", p50: "120", p99: "1240" },
    ]);
    expect(text("#tiers [data-tier=none]")).toContain("missed");
    expect(text("#local")).toContain("on this machine only");
  });

  test("describes each chart in words", async () => {
    await settings("", "performance");
    const words = all("[role=img]").map((chart) => chart.getAttribute("aria-label"));
    expect(words.filter((word) => word?.includes(":"))).toHaveLength(2);
    expect(words[0]).toContain("Rules p99 610\u00a0µs");
  });

  test("shows where the time of the last answer went, and of all of them", async () => {
    await settings("", "performance");
    expect(text("#last-answer")).toContain("Local model, 212 ms");
    expect(
      all("[data-part]")
        .slice(0, 3)
        .map((part) => part.dataset["us"]),
    ).toEqual(["7", "310", "90"]);
    expect(all("#stages tbody tr").map((row) => row.dataset["stage"])).toEqual([
      "normalize",
      "match",
      "judge",
      "prompt",
      "prefill",
      "decode",
    ]);
  });

  test("divides the memory, and holds it and the last start against their targets", async () => {
    await settings("", "performance");
    expect(all("#memory [data-part]").map((part) => part.dataset["part"])).toEqual(["engine", "model", "webview"]);
    expect(text("#memory")).toContain("Web view 52 MiB");
    expect(text("#start")).toContain("All of it after 388 ms");
    expect(text("#start")).toContain("target 500 ms");
  });

  test("says how the values of a tier are spread, for whoever does not see the bars", async () => {
    await settings("", "performance");
    const spoken = find("#tiers [data-tier=rules] [role=img]").getAttribute("aria-label");
    expect(spoken).toBe("most up to 92\u00a0µs, from 92\u00a0µs to 610\u00a0µs");
  });

  test("writes every number into a file and says where that is", async () => {
    await settings("", "performance");
    await click("#export-csv");
    expect(text("#exported")).toBe("Written to /home/ada/Downloads/caro-performance-1800000000.csv");
  });

  test("asks for the range that is chosen", async () => {
    const backend = await settings("", "performance");
    const asked: number[] = [];
    const get = backend.getPerformance;
    backend.getPerformance = (hours) => {
      asked.push(hours);
      return get(hours);
    };
    await click("input[value='720']");
    await click("input[value='1']");
    expect(asked).toEqual([720, 1]);
  });

  test("deletes everything, after asking", async () => {
    await settings("", "performance");
    await click("#delete-telemetry");
    expect(all("#tiers")).toHaveLength(1);
    await click("#delete-telemetry-confirm");
    expect(all("#tiers")).toHaveLength(0);
    expect(text("#empty")).toContain("Nothing measured in this time");
  });

  test("can be switched off", async () => {
    const backend = await settings("empty", "performance");
    await click("#measure");
    expect((await backend.getSettings()).telemetry).toBe(false);
    expect(find("#measure").getAttribute("aria-checked")).toBe("false");
    expect(text("#empty")).toBe("Measuring is off, and nothing is kept.");
  });

  test("says what failed", async () => {
    const backend = await settings("", "about");
    backend.getPerformance = () => Promise.reject({ code: "database", message: "cannot read the numbers", hint: null });
    location.hash = "performance";
    window.dispatchEvent(new HashChangeEvent("hashchange"));
    await settle();
    expect(text("[role=alert]")).toBe("cannot read the numbers");
  });
});

describe("the figures", () => {
  test("each have a target and stand to it", () => {
    const got = tiles(view).map(({ id, value, target }) => [id, value.replace("\u00a0", " "), target?.verdict]);
    expect(got).toEqual([
      ["asked", "738", undefined],
      ["cached", "29 %", undefined],
      ["answer", "610 µs", "met"],
      ["popup", "9.6 ms", "met"],
      ["display", "19 ms", "met"],
      ["first-token", "212 ms", "met"],
      ["rate", "161 tokens/s", undefined],
      ["memory", "77 MiB", "met"],
    ]);
  });

  test("over the target are missed, at the target are met", () => {
    const at = (p99Us: number) =>
      tiles({ ...view, popup: { count: 1, p50Us: 1, p90Us: 1, p99Us, targetP99Us: 50_000 } }).find(
        ({ id }) => id === "popup",
      )?.target?.verdict;
    expect([at(50_000), at(50_001)]).toEqual(["met", "missed"]);
  });

  test("the shares add up and leave out tiers that never answered", () => {
    const some = [...view.tiers, { ...cache, tier: "remote" as const, count: 0 }];
    const got = shares({ ...view, tiers: some });
    expect(got.map(({ tier }) => tier)).toEqual(["rules", "cache", "none"]);
    expect(got.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(shares({ ...view, tiers: [] })).toEqual([]);
  });

  test("the tiers stand in the order in which they are asked, whatever the order they come in", () => {
    const tiers = (["none", "embedded", "rules", "cache"] as const).map((tier) => ({ ...cache, tier }));
    expect(inOrder({ ...view, tiers }).tiers.map(({ tier }) => tier)).toEqual(["cache", "rules", "embedded", "none"]);
  });

  test("nothing measured is empty; one sample is not", () => {
    const nothing = { ...view, tiers: [], popup: null, resources: [] };
    expect(isEmpty(nothing)).toBe(true);
    expect(isEmpty({ ...nothing, resources: view.resources.slice(0, 1) })).toBe(false);
  });
});

describe("the charts", () => {
  test("draw the popup beside the tiers, and nothing below a microsecond on the logarithm", () => {
    const { points } = latency({ ...view, tiers: [{ ...cache, p50Us: 0 }] }, ink);
    const [places = [], p50 = [], p90 = [], p99 = []] = points;
    expect(places).toHaveLength(6);
    expect([...p50]).toEqual([1, null, null, 6200, null, null]);
    expect([...p90]).toEqual([null, 9, null, null, 8100, null]);
    expect([...p99]).toEqual([null, null, 21, null, null, 9600]);
  });

  test("stack the questions without a command on those with one", () => {
    const timeline = [{ startUnixS: 10, answered: 3, abstained: 2 }];
    expect(answers({ ...view, timeline }, ink).points).toEqual([[10], [5], [3]]);
  });

  test("hold the memory against its target", () => {
    const sample = { unixS: 10, residentBytes: 7, webviewBytes: 5, modelBytes: 0, cpuPercent: 1 };
    const { points } = resources({ ...view, resources: [sample] }, ink);
    expect(points).toEqual([[10], [1], [7], [view.residentTargetBytes]]);
  });

  test.each([
    ["no samples", { ...view, resources: [], timeline: [], popup: null, tiers: [] }],
    ["one of each", { ...view, resources: view.resources.slice(0, 1), timeline: view.timeline.slice(0, 1) }],
  ])("can be made of %s", (_, sparse) => {
    for (const draw of [latency, answers, resources]) expect(() => draw(sparse, ink)).not.toThrow();
  });
});

test.each([
  ["C", "en-US"],
  ["POSIX_x", "en-US"],
  ["", "en-US"],
  ["de-DE", "de-DE"],
])("the language %j is %s to Intl", (language, tag) => {
  expect(languageTag(language)).toBe(tag);
});
