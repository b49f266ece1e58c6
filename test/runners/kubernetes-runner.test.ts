import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerEngine, kubeconfig } from '../counterparts.ts';
import { attemptOf, keptSink, openClusterBench, type ClusterBench } from './kubernetes/bench.ts';
import { pushStandIn } from './kubernetes/images.ts';

const absent = kubeconfig === undefined || dockerEngine === undefined;

describe.skipIf(absent).concurrent('an attempt on a cluster', { timeout: 90_000 }, () => {
  let bench: ClusterBench;
  beforeAll(async () => {
    await pushStandIn();
    bench = await openClusterBench();
  }, 120_000);
  afterAll(() => bench.close());

  it('succeeds when its container does, and brings every line in order', async () => {
    const sink = keptSink();
    const began = performance.now();
    const outcome = await bench.runner.start(
      attemptOf({ script: 'for i in $(seq 1 200); do echo line $i; done; printf end' }),
      sink,
    );
    console.log('took', performance.now() - began, bench.runner.requests());
    expect(outcome).toEqual({ kind: 'sealed' });
    expect(sink.lines).toEqual([...Array.from({ length: 200 }, (_, i) => `line ${i + 1}`), 'end']);
    expect(sink.told.at(-1)).toEqual({ kind: 'running', on: expect.stringMatching(/^ferrule-/) });
  });
});
