/** Figures for Prometheus, in its text format. */

export interface Metrics {
  /** Counts a request that was answered. */
  answered(operation: string, status: number, seconds: number): void;
  /** Counts a run that ended, or that somebody or a schedule started. */
  ran(outcome: string): void;
  /** @param now figures that are asked for when somebody looks */
  text(now: Readonly<Record<string, number>>): string;
}

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Series {
  readonly counts: number[];
  sum: number;
  count: number;
}

export function openMetrics(): Metrics {
  const requests = new Map<string, number>();
  const durations = new Map<string, Series>();
  const runs = new Map<string, number>();
  const add = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
  return {
    answered(operation, status, seconds) {
      add(requests, `operation="${operation}",status="${status}"`);
      const series = durations.get(operation) ?? { counts: bounds.map(() => 0), sum: 0, count: 0 };
      for (const [index, bound] of bounds.entries())
        if (seconds <= bound) series.counts[index] = (series.counts[index] ?? 0) + 1;
      series.sum += seconds;
      series.count += 1;
      durations.set(operation, series);
    },
    ran: (outcome) => add(runs, `outcome="${outcome}"`),
    text(now) {
      const lines = [
        '# HELP ferrule_requests_total Requests answered.',
        '# TYPE ferrule_requests_total counter',
      ];
      for (const [labels, count] of requests) lines.push(`ferrule_requests_total{${labels}} ${count}`);
      lines.push(
        '# HELP ferrule_request_duration_seconds Time to the answer.',
        '# TYPE ferrule_request_duration_seconds histogram',
      );
      for (const [operation, { counts, sum, count }] of durations) {
        const label = `operation="${operation}"`;
        for (const [index, bound] of bounds.entries())
          lines.push(`ferrule_request_duration_seconds_bucket{${label},le="${bound}"} ${counts[index] ?? 0}`);
        lines.push(
          `ferrule_request_duration_seconds_bucket{${label},le="+Inf"} ${count}`,
          `ferrule_request_duration_seconds_sum{${label}} ${sum}`,
          `ferrule_request_duration_seconds_count{${label}} ${count}`,
        );
      }
      lines.push(
        '# HELP ferrule_runs_total Runs since the server started.',
        '# TYPE ferrule_runs_total counter',
      );
      for (const [labels, count] of runs) lines.push(`ferrule_runs_total{${labels}} ${count}`);
      for (const [name, value] of Object.entries(now))
        lines.push(`# TYPE ferrule_${name} gauge`, `ferrule_${name} ${value}`);
      return `${lines.join('\n')}\n`;
    },
  };
}
