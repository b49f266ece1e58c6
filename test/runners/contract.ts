/** What every runner promises, as one suite: each runner's own test file calls it. */
import { afterAll, beforeAll, describe } from 'vitest';
import { openBench, type Bench, type Exceptions, type OpenGround } from './contract/bench.ts';
import { dataContract } from './contract/data.ts';
import { failureContract } from './contract/failures.ts';
import { logContract } from './contract/logs.ts';
import { nameContract } from './contract/names.ts';

/** @param except the promises that the runner does not make, and why */
export function runnerContract(name: string, open: OpenGround, except: Exceptions = {}): void {
  describe(`the runner contract: ${name}`, () => {
    let opened: Bench;
    const bench = (): Bench => opened;
    beforeAll(async () => {
      opened = await openBench(open);
    });
    afterAll(() => opened.ground.close());

    dataContract(bench);
    failureContract(bench, except);
    logContract(bench, except);
    nameContract(bench);
  });
}
