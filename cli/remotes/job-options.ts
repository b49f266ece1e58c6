/** Options of runs on Vertex AI, which schedules there take too. */
import { Option, type Command } from 'commander';
import type { VertexSettings } from '../../remotes/vertex/job-request.ts';
import { collect } from '../option-values.ts';
import type { Settings } from '../settings.ts';

export interface VertexJobFlags {
  readonly network?: string;
  readonly reservedIpRange: readonly string[];
  readonly encryptionKey?: string;
  readonly failurePolicy?: 'slow' | 'fast';
  readonly accelerator?: string;
}

/** Adds the options that jobs on Vertex AI take beyond what all runs do. */
export function takesVertexJob(command: Command): Command {
  return command
    .option('--network <name>', 'of Google Cloud that tasks on Vertex AI are peered with, by its whole name')
    .option('--reserved-ip-range <name>', 'of that network; repeat for more', collect, [])
    .option('--encryption-key <name>', 'of Cloud KMS, by its whole name')
    .addOption(
      new Option(
        '--failure-policy <kind>',
        'on Vertex AI: what becomes of the rest when a task fails',
      ).choices(['slow', 'fast']),
    )
    .option(
      '--accelerator <model>',
      'what nvidia.com/gpu is on Vertex AI: NVIDIA_TESLA_T4 and the like, or none',
    );
}

/** Gives what jobs on Vertex AI take beyond what all runs do. */
export function vertexSettings({ env }: Settings, flags: VertexJobFlags): VertexSettings {
  const { network, reservedIpRange, encryptionKey, failurePolicy } = flags;
  const stagingBucket = env['STAGING_BUCKET'];
  return {
    ...(stagingBucket && { stagingBucket }),
    ...(network !== undefined && { network }),
    ...(reservedIpRange.length > 0 && { reservedIpRanges: reservedIpRange }),
    ...(encryptionKey !== undefined && { encryptionKey }),
    ...(failurePolicy !== undefined && { failurePolicy }),
  };
}
