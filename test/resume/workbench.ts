/** The real parts together: a folder as the root, worker processes, the machine's clock. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { EnginePorts, LogLine, RunEvent, Runner } from '../../engine/ports.ts';
import { localRunner } from '../../runners/local/index.ts';
import { openRoot, type Root } from '../../stores/index.ts';

export interface Workbench {
  readonly root: Root;
  readonly runner: Runner;
  readonly ports: EnginePorts;
  readonly events: RunEvent[];
  readonly lines: LogLine[];
}

export async function openWorkbench(
  folder: string,
  bundleFolder: string,
  override: (root: Root) => Partial<EnginePorts> = () => ({}),
): Promise<Workbench> {
  const root = await openRoot(folder, { bundleFolders: [bundleFolder] });
  const runner = localRunner({ bundles: root.bundles, env: process.env, concurrency: 2 });
  const events: RunEvent[] = [];
  const lines: LogLine[] = [];
  const ports: EnginePorts = {
    clock: {
      now: () => Date.now(),
      sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal }).catch(() => undefined),
    },
    ids: { unique: () => randomUUID() },
    runner,
    runs: root.runs,
    artifacts: root.artifacts,
    cache: root.cache,
    bundles: root.bundles,
    outsideData: { digest: async () => ({ kind: 'undigestable', reason: 'not in this test' }) },
    observer: { event: (event) => void events.push(event), log: (line) => void lines.push(line) },
    ...override(root),
  };
  return { root, runner, ports, events, lines };
}
