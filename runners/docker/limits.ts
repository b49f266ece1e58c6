/** What a container may use, as Docker counts it. */
import { UserError } from '../../errors/index.ts';
import type { ResolvedResources } from '../../spec/index.ts';

export interface Limits {
  readonly NanoCpus?: number;
  /** Bytes. */
  readonly Memory?: number;
  readonly MemorySwap?: number;
  /** Graphics cards of NVIDIA. */
  readonly gpus?: number;
}

/**
 * Turns limits into Docker's. Requests are for whoever places containers on machines, and say nothing here. More
 * cores than there are, which Docker refuses, are no limit.
 * @throws UserError FER6021 for a quantity that does not read, and for accelerators that are not NVIDIA's
 */
export function limitsOf(resources: ResolvedResources, cores: number): Limits {
  const cpu = quantity('a limit of cores', resources.cpuLimit);
  const memory = quantity('a limit of memory', resources.memoryLimit);
  const { accelerator } = resources;
  if (accelerator !== undefined && !/^nvidia/i.test(accelerator.type))
    throw new UserError('FER6021', {
      problem: `the task asks for the accelerator ${accelerator.type}, and the Docker runner gives only NVIDIA's (nvidia.com/gpu)`,
      fix: 'run it with --runner kubernetes on a cluster that has it',
    });
  const gpus = quantity('a count of accelerators', accelerator?.count);
  return {
    ...(cpu !== undefined && cpu < cores && { NanoCpus: Math.round(cpu * 1e9) }),
    // Without the second, a container may use as much again of swap.
    ...(memory !== undefined && { Memory: Math.round(memory), MemorySwap: Math.round(memory) }),
    ...(gpus !== undefined && { gpus }),
  };
}

const suffixes: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * Reads a quantity as Kubernetes writes it: `500m`, `1.5`, `2e9`, `1Gi`.
 * @throws UserError FER6021 for one that does not read
 */
export function quantity(what: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d*)?|\.\d+)(?:e([+-]?\d+)|([a-z]*))$/i.exec(text);
  const scale = match?.[2] === undefined ? suffixes[match?.[3] ?? ''] : 10 ** Number(match[2]);
  const value = Number(match?.[1]) * (scale ?? Number.NaN);
  if (value > 0) return value;
  throw new UserError('FER6021', {
    problem: `the task asks for ${what} of "${text}", which is no quantity`,
    fix: 'write it as Kubernetes does: 500m or 2 for cores, 512Mi or 2Gi for memory, 1 for accelerators',
  });
}
