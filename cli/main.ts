/** The `ferrule` command: its commands and options. Each command's code loads when it is called. */
import { Command, Option } from 'commander';
import { reportFailure } from './failure.ts';
import { collect, days, port, positive } from './option-values.ts';
import { addRemoteCommands } from './remotes/commands.ts';
import { takesBackend } from './remotes/takes-backend.ts';
import { runnerKinds } from './runner-choice.ts';
import { addScheduleCommands } from './schedule/commands.ts';
import { addSweepCommands } from './sweep/commands.ts';
import { version } from './version.ts';

// What the clients of the stores are built with is no business of whoever runs a pipeline.
process.noDeprecation = true;

const program = new Command('ferrule')
  .description('Compile and run pipelines that conform to Kubeflow Pipelines, written in TypeScript.')
  .version(version, '-v, --version')
  .showHelpAfterError('(--help shows the options)')
  .configureHelp({ sortSubcommands: false });

/** The options that say which pipeline is run, and with what. */
function takesPipeline(command: Command): Command {
  return command
    .argument('<pipeline>', 'a pipeline: a .ts file, a compiled .yaml or .json, or the URI of a template')
    .option('--pipeline <name>', 'the export to take where a .ts file has several pipelines')
    .option('-p, --param <name=value>', 'a parameter; repeat for more', collect, [])
    .option('--params <file>', 'parameters from a .json or .yaml file')
    .option('--no-cache', 'neither read nor write the cache')
    .option('--refresh', 'run everything, and write the cache anew')
    .option('--only <task>', 'run this task, and of the others what it needs')
    .option('--from <task>', 'run this task and all that follow from it anew');
}

function takesRoot(command: Command): Command {
  return command.option(
    '--root <place>',
    'the pipeline root: a folder, gs:// or s3:// (default: FERRULE_ROOT, else .ferrule/root in the project)',
  );
}

/** The options that say where tasks run. */
function takesRunner(command: Command): Command {
  return command
    .addOption(new Option('--runner <kind>', 'where tasks run (default: local)').choices(runnerKinds))
    .option('--namespace <name>', 'of the cluster (default: that of the kubeconfig)')
    .option('--context <name>', 'of the kubeconfig (default: its current one)')
    .option('--queue <name>', "Kueue's local queue")
    .option('--priority-class <name>', 'of the pods')
    .option('--cluster-config <file>', 'settings of the cluster (default: cluster.yaml in the project)');
}

function givesJson(command: Command): Command {
  return command.option('--json', 'print one JSON object on standard output');
}

givesJson(takesRunner(takesRoot(takesPipeline(program.command('run')))))
  .description('run a pipeline on this machine, or in a cluster')
  .option(
    '-c, --concurrency <n>',
    'most tasks at a time (default: the number of cores; 50 in a cluster)',
    positive,
  )
  .option('--name <text>', 'a name for the run')
  .option('--watch', 'run again whenever a file of the pipeline changes')
  .option('--detach', 'let a Job in the cluster drive the run, and end here')
  .action(async (file, options) => (await import('./commands/run.ts')).runCommand(file, options));

program
  .command('compile')
  .description("write a pipeline as KFP's PipelineSpec; check one that is compiled")
  .argument('<pipeline>', 'a .ts file, or a compiled .yaml or .json')
  .option(
    '-o, --output <file>',
    'where to write it; - is standard output (default: beside the source, .yaml; of a compiled one: nowhere)',
  )
  .option('--pipeline <name>', 'the export to take where the file has several pipelines')
  .option('--backend <kfp|vertex>', 'also say what this backend could not run')
  .option('--kubernetes-manifest', 'write the manifest of a PipelineVersion, for kubectl apply')
  .option('--include-pipeline', 'with the manifest of the Pipeline itself')
  .option('--namespace <name>', 'of the manifests')
  .action(async (file, options) => (await import('./commands/compile.ts')).compileCommand(file, options));

program
  .command('import')
  .description("make a typed component of a component or pipeline of KFP's")
  .argument('<document>', 'a component of KFP 1, or a compiled component or pipeline: a file or a URL')
  .option('--name <name>', "base name of the files, and the component's name (default: its own)")
  .option('--out <folder>', 'where the two files go (default: components)')
  .option('--force', 'write them even where they were edited by hand')
  .action(async (document, options) =>
    (await import('./commands/import.ts')).importCommand(document, options),
  );

givesJson(program.command('build'))
  .description('build the images of components, and push them')
  .argument('[components...]', 'components or images by name (default: all of the pipeline)')
  .option('--pipeline <file>', 'the pipeline that has them', 'pipeline.ts')
  .option('--push', 'push them to their registries, so that compiling pins their digests')
  .option('--variant <cpu|gpu>', 'which Dockerfile: name.Dockerfile or name.gpu.Dockerfile')
  .option('--runtime', 'build the runtime image instead, which clusters need')
  .option('--server', 'build the image of `ferrule server` instead')
  .option('--no-cache', 'build every layer anew')
  .option('--platform <platform>', 'such as linux/arm64 (default: that of the Docker engine)')
  .option('--build-arg <name=value>', 'an argument of the Dockerfiles; repeat for more', collect, [])
  .option('--print-dockerfile', 'print the Dockerfiles and build nothing')
  .option('--update-bases', 'write the digests of base images to ferrule.lock and build nothing')
  .action(async (names, options) => (await import('./commands/build.ts')).buildCommand(names, options));

givesJson(takesRunner(takesRoot(takesPipeline(program.command('plan')))))
  .description('say what a run would do, and why, without running anything')
  .option('--exit-code', 'exit with 2 where anything would run')
  .action(async (file, options) => (await import('./commands/plan.ts')).planCommand(file, options));

givesJson(takesRoot(program.command('why')))
  .description('explain why a task of a run was, or was not, taken from the cache')
  .argument('<run>', 'a run: its name, the start of it, or latest')
  .argument('<task>', 'a task of it')
  .action(async (run, task, options) => (await import('./commands/why.ts')).whyCommand(run, task, options));

takesBackend(givesJson(takesRoot(program.command('runs'))))
  .description('list the runs, newest first')
  .option('-n, --limit <n>', 'how many at the most', positive, 20)
  .option('--pipeline <name>', 'only those of one pipeline')
  .option('--status <status>', 'only those that are running, interrupted, succeeded, failed or cancelled')
  .action(async (options) =>
    options.backend === undefined
      ? (await import('./commands/runs.ts')).runsCommand(options)
      : (await import('./remotes/remote-runs.ts')).listRemoteRuns(options),
  );

takesBackend(
  givesJson(takesRoot(program.command('show'))),
  ['kfp', 'vertex'],
  [
    new Option('-w, --wait', 'with --backend: show how it goes on until it has ended'),
    new Option('--poll <seconds>', 'with --wait: time between two looks (default: 5)').argParser(positive),
  ],
)
  .description('show a run: parameters, tasks, artifacts and where they came from')
  .argument('[run]', 'a run: its name, the start of it, or latest', 'latest')
  .action(async (run, options) =>
    options.backend === undefined
      ? (await import('./commands/show.ts')).showCommand(run, options)
      : (await import('./remotes/remote-runs.ts')).showRemoteRun(run, options),
  );

takesBackend(takesRoot(program.command('logs')))
  .description('print what the tasks of a run printed')
  .argument('[run]', 'a run: its name, the start of it, or latest', 'latest')
  .argument('[task]', 'one task of it')
  .option('--attempt <n>', 'one attempt (default: the last)', positive)
  .option('-f, --follow', 'go on as long as the run does')
  .action(async (run, task, options) =>
    options.backend === undefined
      ? (await import('./commands/logs.ts')).logsCommand(run, task, options)
      : (await import('./remotes/remote-logs.ts')).remoteLogs(run, task, options),
  );

givesJson(takesRoot(program.command('compare')))
  .description('show parameters, metrics and artifacts of runs side by side')
  .argument('<runs...>', 'two or more runs')
  .option('--html <file>', 'also write the comparison as an HTML file')
  .action(async (runs, options) => (await import('./commands/compare.ts')).compareCommand(runs, options));

takesBackend(givesJson(takesRunner(takesRoot(program.command('resume')))), ['kfp'])
  .description('go on with a run that was killed, cancelled or failed, keeping what is done')
  .argument('[run]', 'a run: its name, the start of it, or latest', 'latest')
  .option('-c, --concurrency <n>', 'most tasks at a time', positive)
  .option('--force', 'take the run over from a process that still drives it')
  .addOption(new Option('--in-cluster', 'drive it as the pod of a Job').hideHelp())
  .action(async (run, options) =>
    options.backend === undefined
      ? (await import('./commands/resume.ts')).resumeCommand(run, options)
      : (await import('./remotes/remote-runs.ts')).retryRemoteRun(run, options),
  );

takesBackend(givesJson(takesRunner(takesRoot(program.command('cancel')))))
  .description('cancel a run, whoever drives it')
  .argument('[run]', 'a run: its name, the start of it, or latest', 'latest')
  .action(async (run, options) =>
    options.backend === undefined
      ? (await import('./commands/cancel.ts')).cancelCommand(run, options)
      : (await import('./remotes/remote-runs.ts')).cancelRemoteRun(run, options),
  );

givesJson(takesRoot(program.command('gc')))
  .description('remove runs and artifacts that nothing needs any more')
  .option('--older-than <days>', 'remove runs older than this (default: 30, without --keep)', days)
  .option('--keep <n>', 'remove all runs but the newest', positive)
  .option('--dry-run', 'only say what would be removed')
  .action(async (options) => (await import('./commands/gc.ts')).gcCommand(options));

addRemoteCommands(program);
addScheduleCommands(program);
addSweepCommands(program);

const cluster = program.command('cluster').description('what a cluster needs');
cluster
  .command('manifests')
  .description('print the service accounts and roles that runs in a cluster need, as YAML for kubectl apply')
  .option('--namespace <name>', 'where runs are to be (default: that of cluster.yaml, else ferrule)')
  .option('--annotation <name=value>', 'of the service accounts; repeat for more', collect, [])
  .option('--cluster-config <file>', 'settings of the cluster (default: cluster.yaml in the project)')
  .option('--server', 'with `ferrule server` in the cluster: its volume, deployment and service')
  .option('--image <reference>', "the server's image (default: FERRULE_SERVER_IMAGE)")
  .option('--root <place>', "the server's pipeline root: gs:// or s3:// (default: FERRULE_ROOT)")
  .option('--volume <size>', 'of the server', '10Gi')
  .option('--tls-secret <name>', 'has the server speak TLS: a Secret of the type kubernetes.io/tls')
  .action(async (options) => (await import('./commands/cluster.ts')).manifestsCommand(options));

takesRunner(takesRoot(program.command('server')))
  .description("serve KFP's API v2beta1: pipelines, runs, schedules, artifacts")
  .option('--host <address>', 'where to listen (default: 127.0.0.1)')
  .option('--port <n>', 'which port; 0 takes any that is free (default: 8888)', port)
  .option('--database <place>', 'a SQLite file, or postgres://... (default: server.sqlite beside the root)')
  .option('--tokens <file>', 'who may call: a file of name:SHA-256 of the token:namespaces')
  .option('--tls-cert <file>', 'speak TLS: the certificate, and those that it was signed with, in PEM')
  .option('--tls-key <file>', 'its private key, in PEM')
  .option('--max-runs <n>', 'most runs at a time (default: 4)', positive)
  .option('-c, --concurrency <n>', 'most tasks of one run at a time', positive)
  .option('--allow-root <place>', 'a root that runs may name for themselves; repeat for more', collect, [])
  .option('--body-limit <MiB>', 'of a request (default: 32)', positive)
  .option('--rate <n>', 'requests a second of one caller (default: 50 with tokens)', positive)
  .option('--time-zone <name>', 'of cron expressions (default: UTC)')
  .addOption(new Option('--check-answers', 'hold each answer against its schema').hideHelp())
  .action(async (options) => (await import('./commands/server.ts')).serverCommand(options));

program
  .command('token')
  .description('make a token for the server: the token itself, and its line for the file of tokens')
  .argument('<name>', 'whose it is')
  .option('--namespaces <names>', 'where it may work, with commas between; * is everywhere', '*')
  .action(async (name, options) => (await import('./commands/server.ts')).tokenCommand(name, options));

givesJson(takesRoot(program.command('doctor')))
  .description('check this machine: what works, what is missing, and how to get it')
  .action(async (options) => (await import('./commands/doctor.ts')).doctorCommand(options));

program
  .command('init')
  .description('make a new project that compiles, runs and tests at once')
  .argument('<folder>', 'where; new or empty')
  .action(async (folder) => (await import('./commands/init.ts')).initCommand(folder));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error, process.argv.includes('--json'));
}
