/** What the server did, as Prometheus reads it. */
const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

interface Timing {
  readonly buckets: number[];
  sum: number;
  count: number;
}

export interface ServeMetrics {
  countRequest(method: string, route: string, status: number, seconds: number): void;
  countAnswer(status: string): void;
  /** Prometheus text, version 0.0.4. */
  write(active: number): string;
}

/** Labels are constants of the program, never what a client sent. */
export function createServeMetrics(): ServeMetrics {
  const requests = new Map<string, number>();
  const answers = new Map<string, number>();
  const timings = new Map<string, Timing>();
  const add = (counts: Map<string, number>, labels: string) => counts.set(labels, (counts.get(labels) ?? 0) + 1);
  return {
    countRequest(method, route, status, seconds) {
      add(requests, `method="${method}",route="${route}",status="${status}"`);
      const labels = `route="${route}"`;
      const timing = timings.get(labels) ?? { buckets: SECONDS.map(() => 0), sum: 0, count: 0 };
      timings.set(labels, timing);
      for (const [at, most] of SECONDS.entries()) if (seconds <= most) timing.buckets[at]! += 1;
      timing.sum += seconds;
      timing.count += 1;
    },
    countAnswer: (status) => void add(answers, `status="${status}"`),
    write(active) {
      const lines = [
        ...counter('runsight_http_requests_total', 'Requests answered.', requests),
        ...counter('runsight_answers_total', 'Questions answered, by what they came to.', answers),
        ...histogram('runsight_http_request_seconds', 'How long requests took.', timings),
        ...gauge('runsight_http_requests_active', 'Requests that are worked on.', active),
        ...gauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
        ...gauge('process_uptime_seconds', 'Since the start.', process.uptime()),
      ];
      return `${lines.join('\n')}\n`;
    },
  };
}

const head = (name: string, help: string, type: string): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

function counter(name: string, help: string, counts: ReadonlyMap<string, number>): string[] {
  return [...head(name, help, 'counter'), ...Array.from(counts, ([labels, count]) => `${name}{${labels}} ${count}`)];
}

function gauge(name: string, help: string, value: number): string[] {
  return [...head(name, help, 'gauge'), `${name} ${value}`];
}

function histogram(name: string, help: string, timings: ReadonlyMap<string, Timing>): string[] {
  const rows = [...timings].flatMap(([labels, { buckets, sum, count }]) => [
    ...buckets.map((sofar, at) => `${name}_bucket{${labels},le="${SECONDS[at]}"} ${sofar}`),
    `${name}_bucket{${labels},le="+Inf"} ${count}`,
    `${name}_sum{${labels}} ${sum}`,
    `${name}_count{${labels}} ${count}`,
  ]);
  return [...head(name, help, 'histogram'), ...rows];
}
