import { afterAll, describe } from 'vitest';
import { dockerEngine, gcsServer, kubeconfig } from '../counterparts.ts';
import { runnerContract } from './contract.ts';
import { openClusterBench, type ClusterBench } from './kubernetes/bench.ts';
import { clusterApis } from './kubernetes/cluster.ts';
import { bucketRoot, clusterGround } from './kubernetes/ground.ts';
import { pushLauncher } from './kubernetes/images.ts';

const absent = [kubeconfig, dockerEngine, gcsServer].includes(undefined);

const except = {
  'unpacking of code': 'the code is unpacked inside the container',
  'order of outputs': 'the container runtime reads two pipes',
  'a return after the timeout': 'a pod that is asked to stop is not told why, and its result is kept',
};

describe.skipIf(absent)('on a cluster', { concurrent: true, timeout: 120_000 }, () => {
  let cluster: ClusterBench | undefined;
  afterAll(() => cluster?.close());

  runnerContract(
    'kubernetes',
    async (bundles, env) => {
      const root = await bucketRoot();
      const image = await pushLauncher();
      cluster = await openClusterBench({
        root: root.uri,
        gracePeriod: 2,
        runtimeImage: image,
        env: { FERRULE_GCS_ENDPOINT: gcsServer ?? '' },
        secrets: { TOKEN: { secret: 'token', key: 'token' } },
      });
      const { core } = await clusterApis();
      await core.createNamespacedSecret({
        namespace: cluster.namespace.name,
        body: { metadata: { name: 'token' }, stringData: { token: env['TOKEN'] ?? '' } },
      });
      return clusterGround(cluster.runner, root, bundles, image);
    },
    except,
  );
});
