import { localRunner } from '../../runners/local/index.ts';
import { runnerContract } from './contract.ts';

runnerContract('local', async (bundles, env) => localRunner({ bundles, env, grace: 200 }));
