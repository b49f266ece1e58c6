/** Options by which commands on runs mean those of another backend. */
import { Option, type Command } from 'commander';
import { UserError } from '../../errors/index.ts';

export type RunsBackend = 'kfp' | 'vertex';

/**
 * Adds the options to a command, but for those that it has.
 * @param more options that say something of a run elsewhere alone
 */
export function takesBackend(
  command: Command,
  backends: readonly RunsBackend[] = ['kfp', 'vertex'],
  more: readonly Option[] = [],
): Command {
  const options = [
    new Option('--backend <kind>', 'a run elsewhere, and not one of our own').choices(backends),
    new Option('--host <url>', 'of KFP, or of `ferrule server` (default: KF_PIPELINES_ENDPOINT)'),
    new Option('--namespace <name>', 'of KFP (default: FERRULE_KFP_NAMESPACE)'),
    new Option('--ca <file>', 'certificates to trust besides the usual ones (default: FERRULE_CA_FILE)'),
    ...(backends.includes('vertex')
      ? [
          new Option('--project <name>', 'of Google Cloud (default: GOOGLE_CLOUD_PROJECT)'),
          new Option('--region <name>', 'of Google Cloud (default: GOOGLE_CLOUD_REGION)'),
          new Option('--endpoint <url>', "of Vertex AI (default: the region's)"),
        ]
      : []),
    ...more,
  ];
  const added = options.filter(({ long }) => !command.options.some((other) => other.long === long));
  for (const option of added) command.addOption(option);
  // An option that was forgotten must not turn a command on a run elsewhere into one on a run of our own.
  return command.hook('preAction', () => {
    if (command.getOptionValue('backend') !== undefined) return;
    const given = added.find((option) => command.getOptionValue(option.attributeName()) !== undefined);
    if (given === undefined) return;
    throw new UserError('FER1002', {
      problem: `${given.long} is for runs on other backends, and none is named`,
      fix: `add --backend ${backends.join(' or ')}, or leave it out`,
    });
  });
}
