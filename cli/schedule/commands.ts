/** `ferrule schedule` and its options. Each command's code loads when it is called. */
import { Option, type Command } from 'commander';
import { collect, positive } from '../option-values.ts';
import { takesVertexJob } from '../remotes/job-options.ts';

const backends = ['kfp', 'vertex', 'kubernetes'];

/** The options that say whose schedules are meant. */
function takesBackend(command: Command): Command {
  return command
    .addOption(new Option('--backend <kind>', 'who starts the runs').choices(backends).makeOptionMandatory())
    .option('--host <url>', 'of KFP, or of `ferrule server` (default: KF_PIPELINES_ENDPOINT)')
    .option('--namespace <name>', 'of KFP (default: FERRULE_KFP_NAMESPACE) or of the cluster')
    .option('--ca <file>', 'certificates to trust besides the usual ones (default: FERRULE_CA_FILE)')
    .option('--project <name>', 'of Google Cloud (default: GOOGLE_CLOUD_PROJECT)')
    .option('--region <name>', 'of Google Cloud (default: GOOGLE_CLOUD_REGION, else that of KFP_REPOSITORY)')
    .option('--endpoint <url>', "of Vertex AI (default: the region's)")
    .option('--root <place>', 'in a cluster: the bucket that runs lie in (default: FERRULE_ROOT)')
    .option('--context <name>', 'of the kubeconfig')
    .option('--cluster-config <file>', 'settings of the cluster (default: cluster.yaml in the project)')
    .option('--json', 'print one JSON object on standard output');
}

/** The options that say when runs are due, and how many. */
function takesTimes(command: Command): Command {
  return command
    .option('--cron <expression>', 'when: minute, hour, day of the month, month, day of the week')
    .option('--every <duration>', 'instead of it: 90s, 10m, 1h30m, 2d')
    .option('--time-zone <name>', 'of the cron expression: Europe/Berlin (default: UTC)')
    .option('--start <time>', 'nothing is due before: 2026-12-01T06:00:00Z')
    .option('--end <time>', 'nothing is due after')
    .option('--max-concurrent <n>', 'most of its runs at a time (default: 1)', positive)
    .option('--max-runs <n>', 'on Vertex AI: most of its runs in all', positive)
    .option('--queueing', 'on Vertex AI: what is due while too many runs go on waits, and is not left out');
}

/** Adds `schedule` with its commands. */
export function addScheduleCommands(program: Command): void {
  const schedule = program
    .command('schedule')
    .description(
      'run a pipeline again and again: on KFP, `ferrule server`, Vertex AI, or in a cluster without any',
    );
  const add = (name: string, description: string): Command =>
    takesBackend(schedule.command(name).description(description));
  const manage = async () => import('./manage.ts');
  const create = takesTimes(add('create', 'have a pipeline run at given times'))
    .argument('<pipeline>', 'a pipeline: a .ts file, a compiled .yaml or .json, or the URI of a template')
    .option('--pipeline <name>', 'the export to take where a .ts file has several pipelines')
    .option('-p, --param <name=value>', 'a parameter; repeat for more', collect, [])
    .option('--params <file>', 'parameters from a .json or .yaml file')
    .option('--name <text>', "of the schedule (default: the pipeline's)")
    .option('--description <text>', 'of the schedule, in KFP or a cluster')
    .option('--catch-up', 'make up for times that were missed')
    .option('--no-catch-up', 'leave out times that were missed')
    .option('--paused', 'start nothing until it is resumed')
    .option('--no-cache', 'run every task, whatever was run before')
    .option('--pipeline-root <uri>', 'where artifacts go (Vertex AI: default STAGING_BUCKET)')
    .option('--service-account <name>', 'that runs the tasks')
    .option('--experiment <name>', 'of KFP: the list that the runs appear in (default: Default)')
    .option(
      '-l, --label <name=value>',
      'of the runs, on Vertex AI or in a cluster; repeat for more',
      collect,
      [],
    );
  takesVertexJob(create)
    .option('-c, --concurrency <n>', 'in a cluster: most tasks of a run at a time (default: 50)', positive)
    .option('--queue <name>', "in a cluster: Kueue's local queue, for the tasks")
    .option('--priority-class <name>', 'in a cluster: of the pods')
    .option('--force', 'send it even if the backend could not run all of it')
    .action(async (file, options) => (await import('./create.ts')).createCommand(file, options));
  add('list', 'list the schedules, newest first')
    .option('-n, --limit <n>', 'how many at the most', positive, 20)
    .action(async (options) => (await manage()).listCommand(options));
  add('show', 'show a schedule, and when it is due next')
    .argument('<schedule>', 'its name or id')
    .action(async (name, options) => (await manage()).showCommand(name, options));
  add('pause', 'start no more runs until it is resumed; those that go on do so')
    .argument('<schedule>', 'its name or id')
    .action(async (name, options) => (await manage()).pauseCommand(name, options));
  add('resume', 'start runs again')
    .argument('<schedule>', 'its name or id')
    .option('--catch-up', 'make up for times that were missed meanwhile, where the backend can be told')
    .option('--no-catch-up', 'leave them out, where the backend can be told')
    .action(async (name, options) => (await manage()).resumeCommand(name, options));
  takesTimes(add('update', 'change times and limits, where the backend can'))
    .argument('<schedule>', 'its name or id')
    .option('--name <text>', 'another name')
    .action(async (name, options) => (await manage()).updateCommand(name, options));
  add('delete', 'remove a schedule; runs that it started stay')
    .argument('<schedule>', 'its name or id')
    .action(async (name, options) => (await manage()).deleteCommand(name, options));
  add('runs', 'list the runs that a schedule started, newest first')
    .argument('<schedule>', 'its name or id')
    .option('-n, --limit <n>', 'how many at the most', positive, 20)
    .action(async (name, options) => (await manage()).runsCommand(name, options));
  schedule
    .command('begin <key>', { hidden: true })
    .option('--root <place>')
    .option('--runner <kind>')
    .option('--in-cluster')
    .option('-c, --concurrency <n>', '', positive)
    .action(async (key, options) => {
      const { beginInCluster } = await import('./cluster/begin.ts');
      process.exitCode = await beginInCluster(key, options);
    });
}
