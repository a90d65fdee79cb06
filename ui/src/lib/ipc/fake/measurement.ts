// The fake's performance numbers: a day of use, the same on every call.

import type { PerformanceView, TierView } from "../bindings";

const MIB = 1024 * 1024;

export function emptyPerformance(hours: number, enabled: boolean): PerformanceView {
  return {
    hours,
    tiers: [],
    popup: null,
    timeline: [],
    resources: [],
    residentTargetBytes: 120 * MIB,
    dropped: 0,
    databaseBytes: 20_480,
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
    cpuPercent: Math.max(0, 0.4 + 1.8 * Math.abs(Math.sin(index / 3)) * ((index * 13) % 7 === 0 ? 4 : 0.5)),
  }));
  return {
    hours,
    tiers: [
      tier("cache", 214, 4, 9, 21, 1000),
      tier("rules", 486, 92, 240, 610, 1000),
      tier("none", 38, 120, 310, 1240, 1000),
    ],
    popup: { count: 61, p50Us: 6200, p90Us: 8100, p99Us: 9600, targetP99Us: 50_000 },
    timeline,
    resources,
    residentTargetBytes: 120 * MIB,
    dropped: 0,
    databaseBytes: 184_320,
    enabled: true,
  };
}

function tier(name: TierView["tier"], count: number, p50Us: number, p90Us: number, p99Us: number, targetP99Us: number) {
  return { tier: name, count, p50Us, p90Us, p99Us, targetP99Us };
}
