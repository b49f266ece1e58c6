import { component, int, pipeline, run, type Int } from 'ferrule';
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Fails when it is called for the first time in a run, as services do. */
export const ask = component({}, ({ run, patience }: { run: string; patience: Int }): string => {
  const mark = join(tmpdir(), `ferrule-example-${run}`);
  if (!existsSync(mark)) {
    writeFileSync(mark, '');
    throw new Error('the service is busy');
  }
  return `answered within ${patience} s`;
});

/** Takes an answer where there is one. */
export const conclude = component(
  {},
  ({ answer = 'no answer' }: { answer?: string }): string => `concluded: ${answer}`,
);

/** Tries again, ends what takes too long, and goes on where a task before did not succeed. */
export default pipeline('failures', { patience: int(5) }, ({ patience }) => {
  const asked = ask(
    { run: run.id, patience },
    { retry: { maxAttempts: 3, backoff: '0s' }, timeout: '1m', cache: false },
  );
  const concluded = conclude({ answer: asked.outputs.Output }, { ignoreUpstreamFailure: true });
  return { result: concluded.outputs.Output };
});
