// The fake's performance numbers: a day of use, the same on every call.

import type { PerformanceView, TierView } from "../bindings";

const MIB = 1024 * 1024;

export function emptyPerformance(hours: number, enabled: boolean): PerformanceView {
  return {
    hours,
    tiers: [],
    stages: [],
    last: null,
    popup: null,
    display: null,
    firstToken: null,
    rate: null,
    knownTokens: 0,
    readTokens: 0,
    start: null,
    timeline: [],
    resources: [],
    residentTargetBytes: 120 * MIB,
    dropped: 0,
    databaseBytes: 20_480,
    databaseTargetBytes: 20_000_000,
    enabled,
  };
}

export function performance(hours: number, nowUnixS: number): PerformanceView {
  const buckets = hours <= 1 ? 12 : hours <= 24 ? 24 : 30;
  const step = (hours * 3600) / buckets;
  const first = nowUnixS - hours * 3600;
  const timeline = Array.from({ length: buckets }, (_, index) => {
    const load = Math.max(0, Math.sin((index / buckets) * Math.PI * 2 - 1) + 0.6);
    return {
      startUnixS: Math.round(first + index * step),
      answered: Math.round(load * 14 + (index % 3)),
      abstained: Math.round(load * 2 * ((index * 7) % 5) * 0.25),
    };
  });
  const resources = Array.from({ length: 96 }, (_, index) => ({
    unixS: Math.round(first + (index * hours * 3600) / 95),
    residentBytes: Math.round((84 + 8 * Math.sin(index / 9) + (index % 5)) * MIB),
    webviewBytes: 52 * MIB,
    modelBytes: 0,
    cpuPercent: Math.max(0, 0.4 + 1.8 * Math.abs(Math.sin(index / 3)) * ((index * 13) % 7 === 0 ? 4 : 0.5)),
  }));
  return {
    hours,
    tiers: [
      tier("cache", 214, 4, 9, 21, 1000),
      tier("rules", 486, 92, 240, 610, 1000),
      tier("none", 38, 120, 310, 1240, 1000),
    ],
    stages: [
      { stage: "normalize", count: 738, p50Us: 6, p99Us: 24 },
      { stage: "match", count: 738, p50Us: 58, p99Us: 420 },
      { stage: "judge", count: 738, p50Us: 21, p99Us: 96 },
      { stage: "prompt", count: 12, p50Us: 900, p99Us: 1400 },
      { stage: "prefill", count: 12, p50Us: 62_000, p99Us: 210_000 },
      { stage: "decode", count: 12, p50Us: 148_000, p99Us: 390_000 },
    ],
    last: {
      unixS: nowUnixS - 40,
      tier: "embedded",
      latencyUs: 212_000,
      stages: [
        { name: "normalize", us: 7 },
        { name: "match", us: 310 },
        { name: "judge", us: 90 },
        { name: "prompt", us: 900 },
        { name: "prefill", us: 62_000 },
        { name: "decode", us: 148_000 },
        { name: "display", us: 8_000 },
      ],
    },
    popup: { count: 61, p50Us: 6200, p90Us: 8100, p99Us: 9600, targetP99Us: 10_000 },
    display: { count: 230, p50Us: 9800, p90Us: 14_100, p99Us: 19_200, targetP99Us: 20_000 },
    firstToken: { count: 12, p50Us: 64_000, p90Us: 180_000, p99Us: 212_000, targetP99Us: 2_000_000 },
    rate: { count: 12, p50: 161 },
    knownTokens: 1860,
    readTokens: 410,
    start: {
      unixS: nowUnixS - 7200,
      hotkeyUs: 96_000,
      hotkeyTargetUs: 200_000,
      readyUs: 388_000,
      readyTargetUs: 500_000,
    },
    timeline,
    resources,
    residentTargetBytes: 120 * MIB,
    dropped: 0,
    databaseBytes: 184_320,
    databaseTargetBytes: 20_000_000,
    enabled: true,
  };
}

function tier(name: TierView["tier"], count: number, p50Us: number, p90Us: number, p99Us: number, targetP99Us: number) {
  const histogram = [
    { most: p50Us, count: Math.ceil(count / 2) },
    { most: p90Us, count: Math.floor(count / 2.5) },
    { most: p99Us, count: Math.ceil(count / 10) },
  ];
  return { tier: name, count, p50Us, p90Us, p99Us, targetP99Us, histogram };
}
