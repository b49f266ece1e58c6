import { describe } from 'vitest';
import { dockerRunner } from '../../runners/docker/index.ts';
import { dockerEngine } from '../counterparts.ts';
import { runnerContract } from './contract.ts';
import { dockerGround } from './docker/ground.ts';
import { executorImage } from './docker/images.ts';

describe.skipIf(dockerEngine === undefined)('on a Docker engine', () => {
  runnerContract(
    'docker',
    async (bundles, env) => dockerGround(dockerRunner({ env, grace: 1000 }), bundles, await executorImage()),
    { 'unpacking of code': 'the code is unpacked inside the container' },
  );
});
