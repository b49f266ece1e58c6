import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastWordsOf } from '../../executor/last-words.ts';
import { exitFailure, withLastLines } from '../../runners/kubernetes/attempt/container-failure.ts';
import { localInput } from '../../runners/kubernetes/local-inputs.ts';
import { attemptOf } from './attempts.ts';

const code = `sha256:${'0'.repeat(64)}` as const;

describe('a container that ended with an exit code', () => {
  const cut = {
    kind: 'failed',
    failure: exitFailure(1, lastWordsOf(['  "outputs": {', '  }', '}'])),
  } as const;

  it('says what its log ends with, where that was read to its end: a kubelet may have cut it off', () => {
    const whole = withLastLines(cut, lastWordsOf(['}', 'Traceback', 'ValueError: the sea is rough']));
    expect(whole).toMatchObject({
      failure: {
        code: 'FER6052',
        problem: 'the container ended with exit code 1: ValueError: the sea is rough',
        stack: '}\nTraceback\nValueError: the sea is rough',
      },
    });
  });

  it('says what the cluster has, where its log was not read', () => {
    expect(withLastLines(cut, undefined)).toBe(cut);
    expect(withLastLines(cut, lastWordsOf([]))).toBe(cut);
    const other = { kind: 'failed', failure: { ...cut.failure, code: 'FER6048' } } as const;
    expect(withLastLines(other, lastWordsOf(['x']))).toBe(other);
  });
});

describe('an input that lies on the disk of this machine', () => {
  it('is told, as no pod can have it; a path that is not here may be that of a volume', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'ferrule-input-')), 'data.csv');
    writeFileSync(file, 'a,b');
    for (const uri of [file, `file://${file}`])
      expect(localInput(await attemptOf({ code, artifacts: { data: [uri] } }))).toMatchObject({
        code: 'FER6059',
        problem: `its input "data" is ${uri} on this machine, and pods have no way to it`,
        retryable: false,
      });
    for (const uri of [`${file}.gone`, 'gs://bucket/data.csv', 's3://bucket/data.csv'])
      expect(localInput(await attemptOf({ code, artifacts: { data: [uri] } }))).toBeUndefined();
  });
});
