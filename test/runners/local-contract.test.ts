import { localRunner } from '../../runners/local/index.ts';
import { groundOnFiles } from './contract/local-files.ts';
import { runnerContract } from './contract.ts';

runnerContract('local', async (bundles, env) => groundOnFiles(localRunner({ bundles, env, grace: 200 })));
