/** `ferrule sweep` and its options. The command's code loads when it is called. */
import { Option, type Command } from 'commander';
import { collect, figure, positive, whole } from '../option-values.ts';
import { runnerKinds } from '../runner-choice.ts';

/** Adds `sweep`. */
export function addSweepCommands(program: Command): void {
  program
    .command('sweep')
    .description('search the parameters of a pipeline for the best value of a metric')
    .argument('[file]', "a sweep's description, .yaml or .json, or a pipeline")
    .option('--pipeline <name>', 'the export to take where a .ts file has several pipelines')
    .option(
      '-s, --search <name=values>',
      '0..1, log:1e-4..1e-1, int:1..9 or a,b,c; repeat for more',
      collect,
      [],
    )
    .option('-m, --metric <name>', 'an output of the pipeline, task.output, or task.artifact.field')
    .addOption(
      new Option('--goal <what>', 'of the metric (default: maximize)').choices(['maximize', 'minimize']),
    )
    .addOption(
      new Option('--method <name>', 'how to search (default: tpe)').choices(['grid', 'random', 'tpe']),
    )
    .option('-n, --trials <n>', 'most trials (default: 20; of a grid all)', positive)
    .option('-j, --parallel <n>', 'trials at a time (default: 1)', positive)
    .option('--time <duration>', 'after which no trial starts: 90s, 30m, 2h')
    .option('--seed <n>', 'of everything random (default: 0)', whole)
    .option('--target <value>', 'end once a trial is as good as this', figure)
    .option('--patience <n>', 'end after so many trials without a better one', positive)
    .option(
      '--early-stopping <task.figure>',
      'end trials whose reports are worse than the median; :minimize for a loss',
    )
    .option(
      '--halving <resource=min..max>',
      'give all little of a parameter, and the best more: epochs=1..27',
    )
    .option('--retries <n>', 'how often a trial that failed is taken up again (default: 0)', positive)
    .option('-p, --param <name=value>', 'a parameter of all trials; repeat for more', collect, [])
    .option('--params <file>', 'such parameters from a .json or .yaml file')
    .option('-c, --concurrency <n>', 'most tasks at a time, of all trials together', positive)
    .option('--resume <sweep>', 'go on with a sweep: its name, or the start or end of it')
    .option('--retry-failed', 'with it: also with the trials that failed')
    .option('--show <sweep>', 'show a sweep, and run nothing')
    .option('--list', 'list the sweeps under the root')
    .option('--new', 'make another sweep even where there is the same already')
    .option('--force', 'take the sweep over from a process that still drives it')
    .option('-o, --output <folder>', 'where the results go (default: .ferrule/sweeps/SWEEP in the project)')
    .option('--json', 'print one JSON object on standard output')
    .option(
      '--root <place>',
      'the pipeline root: a folder, gs:// or s3:// (default: FERRULE_ROOT, else .ferrule/root)',
    )
    .addOption(new Option('--runner <kind>', 'where tasks run (default: local)').choices(runnerKinds))
    .option('--namespace <name>', 'of the cluster (default: that of the kubeconfig)')
    .option('--context <name>', 'of the kubeconfig (default: its current one)')
    .option('--queue <name>', "Kueue's local queue")
    .option('--priority-class <name>', 'of the pods')
    .option('--cluster-config <file>', 'settings of the cluster (default: cluster.yaml in the project)')
    .action(async (file, options) => (await import('./sweep.ts')).sweepCommand(file, options));
}
