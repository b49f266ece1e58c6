/** The commands that hand pipelines to services elsewhere, and their options. Each command's code loads when it is called. */
import { Option, type Command } from 'commander';
import { UserError } from '../../errors/index.ts';
import { collect, seconds } from '../option-values.ts';
import { takesVertexJob } from './job-options.ts';
import { takesBackend, type RunsBackend } from './takes-backend.ts';

function givesJson(command: Command): Command {
  return command.option('--json', 'print one JSON object on standard output');
}

/** The options that say which store of templates is meant. */
function takesStore(command: Command): Command {
  return command
    .option('--repository <url>', 'a KFP repository (default: KFP_REPOSITORY)')
    .addOption(
      new Option('--backend <kind>', 'instead of a repository: the pipelines of KFP').choices(['kfp']),
    )
    .option('--host <url>', 'of KFP (default: KF_PIPELINES_ENDPOINT)')
    .option('--namespace <name>', 'of KFP (default: FERRULE_KFP_NAMESPACE)')
    .option('--ca <file>', 'certificates to trust besides the usual ones (default: FERRULE_CA_FILE)');
}

/** Adds `upload`, `submit` and `templates`. */
export function addRemoteCommands(program: Command): void {
  givesJson(takesStore(program.command('upload')))
    .description('keep a pipeline as a template: in a KFP repository of Artifact Registry, or in KFP')
    .argument('<pipeline>', 'a pipeline: a .ts file, or a compiled .yaml or .json')
    .option('--pipeline <name>', 'the export to take where a .ts file has several pipelines')
    .option('-t, --tag <name>', 'a tag for the version; repeat for more', collect, [])
    .option('--description <text>', 'of the version')
    .option('--version-name <name>', 'of the version, in KFP (default: by its digest)')
    .option('--force', 'upload it even if the backend could not run all of it')
    .action(async (file, options) => (await import('./upload.ts')).uploadCommand(file, options));
  addSubmit(program);
  addTemplates(program);
  addRunCommands(program);
}

/** What can be done to runs elsewhere alone. */
function addRunCommands(program: Command): void {
  const load = async () => import('./remote-runs.ts');
  const add = (name: string, backends: readonly RunsBackend[], description: string): Command =>
    takesBackend(givesJson(program.command(name)), backends)
      .description(description)
      .argument('<run>', 'a run: its id or the start of it, its name, or latest');
  const named = (options: { readonly backend?: RunsBackend }): void => {
    if (options.backend !== undefined) return;
    throw new UserError('FER1002', {
      problem: 'nothing says where the run is',
      fix: 'add --backend kfp, or what else it is on; runs of our own are removed by `ferrule gc`',
    });
  };
  for (const [name, away, description] of [
    ['archive', true, 'put a run of KFP out of its lists'],
    ['unarchive', false, 'bring an archived run of KFP back into its lists'],
  ] as const)
    add(name, ['kfp'], description).action(async (run, options) => {
      named(options);
      await (await load()).archiveRemoteRun(run, options, away);
    });
  add(
    'delete',
    ['kfp', 'vertex'],
    'delete a run of KFP or Vertex AI; what it wrote stays (our own: gc)',
  ).action(async (run, options) => {
    named(options);
    await (await load()).deleteRemoteRun(run, options);
  });
}

function addSubmit(program: Command): void {
  const backends = ['kfp', 'vertex', 'local', 'docker', 'kubernetes'];
  const submit = givesJson(program.command('submit'))
    .description('run a pipeline on a backend: KFP, Vertex AI, or one of our own runners')
    .argument('<pipeline>', 'a pipeline: a .ts file, a compiled .yaml or .json, or the URI of a template')
    .addOption(new Option('--backend <kind>', 'where it runs').choices(backends).makeOptionMandatory())
    .option('--pipeline <name>', 'the export to take where a .ts file has several pipelines')
    .option('-p, --param <name=value>', 'a parameter; repeat for more', collect, [])
    .option('--params <file>', 'parameters from a .json or .yaml file')
    .option('--name <text>', 'a name for the run')
    .option('--description <text>', 'of the run, in KFP')
    .option('--no-cache', 'run every task, whatever was run before')
    .option('--pipeline-root <uri>', 'where artifacts go (Vertex AI: default STAGING_BUCKET)')
    .option('--service-account <name>', 'that runs the tasks')
    .option('--experiment <name>', 'of KFP: the list that the run appears in (default: Default)')
    .option('-w, --wait', 'show how it goes on until it has ended')
    .option('--timeout <seconds>', 'longest time to wait', seconds)
    .option('--poll <seconds>', 'time between two looks', seconds, 5)
    .option('--force', 'send it even if the backend could not run all of it')
    .option('--host <url>', 'of KFP (default: KF_PIPELINES_ENDPOINT)')
    .option('--namespace <name>', 'of KFP (default: FERRULE_KFP_NAMESPACE) or of the cluster')
    .option('--ca <file>', 'certificates to trust besides the usual ones (default: FERRULE_CA_FILE)')
    .option('--project <name>', 'of Google Cloud (default: GOOGLE_CLOUD_PROJECT)')
    .option('--region <name>', 'of Google Cloud (default: GOOGLE_CLOUD_REGION, else that of KFP_REPOSITORY)')
    .option('--endpoint <url>', "of Vertex AI (default: the region's)")
    .option('-l, --label <name=value>', 'of a run on Vertex AI; repeat for more', collect, []);
  takesVertexJob(submit)
    .option('--root <place>', 'the pipeline root of our own runners')
    .option('--cluster-config <file>', 'settings of the cluster of our own runner')
    .action(async (file, options) => (await import('./submit.ts')).submitCommand(file, options));
}

function addTemplates(program: Command): void {
  const templates = program
    .command('templates')
    .description('what a KFP repository, or KFP, keeps as templates');
  const add = (name: string, description: string): Command =>
    givesJson(takesStore(templates.command(name).description(description)));
  const run = async () => import('./templates.ts');
  add('list', 'list the packages').action(async (options) => (await run()).listCommand(options));
  add('show', 'show a package, or a version of it')
    .argument('<package>')
    .argument('[version]', 'a version or a tag')
    .action(async (name, version, options) => (await run()).showCommand(name, version, options));
  add('versions', 'list the versions of a package, newest first')
    .argument('<package>')
    .action(async (name, options) => (await run()).versionsCommand(name, options));
  add('tags', 'list the tags of a package')
    .argument('<package>')
    .action(async (name, options) => (await run()).tagsCommand(name, options));
  add('tag', 'point a tag to a version, wherever it pointed before')
    .argument('<package>')
    .argument('<version>', 'a version, or another tag of it')
    .argument('<tag>')
    .action(async (name, version, tag, options) => (await run()).tagCommand(name, version, tag, options));
  add('untag', 'remove a tag; the version stays')
    .argument('<package>')
    .argument('<tag>')
    .action(async (name, tag, options) => (await run()).untagCommand(name, tag, options));
  add('download', 'write a version to a file')
    .argument('<package>')
    .argument('<version>', 'a version or a tag')
    .option('-o, --output <file>', 'where to; - is standard output (default: PACKAGE_VERSION.yaml)')
    .action(async (name, version, options) => (await run()).downloadCommand(name, version, options));
  add('delete', 'delete a version, or with --force a package with all its versions')
    .argument('<package>')
    .argument('[version]')
    .option('--force', 'also delete what has tags, or a whole package')
    .action(async (name, version, options) => (await run()).deleteCommand(name, version, options));
}
