import { UserError, UserErrors } from '../../errors/index.ts';
import type { DagSpec, PipelineSpec } from '../../spec/index.ts';
import { isLoop } from '../graph/graph.ts';
import type { RunRequest } from '../request.ts';

/**
 * Gives a request whose `only` and `from` are whole paths. A path may begin at a task inside of groups, loops and nested
 * pipelines, where there is only one of that name; without the number of an iteration, it means all of them.
 * @throws UserErrors FER4003 with the names there are
 */
export function withSelection(request: RunRequest): RunRequest {
  const { spec } = request.compiled;
  const wrong: UserError[] = [];
  const whole = (path: string | undefined): { readonly path?: string } => {
    if (path === undefined) return {};
    const found = wholePath(spec, path);
    if (typeof found === 'string') return { path: found };
    wrong.push(found);
    return {};
  };
  const { path: only } = whole(request.only);
  const { path: from } = whole(request.from);
  if (wrong.length > 0) throw new UserErrors(wrong);
  return { ...request, ...(only !== undefined && { only }), ...(from !== undefined && { from }) };
}

function wholePath(spec: PipelineSpec, path: string): string | UserError {
  const [head = ''] = path.split('/');
  const root = spec.root.dag;
  const places = root?.tasks?.[head] === undefined ? placesOf(spec, root, head, '') : [''];
  const [place, ...others] = places;
  if (others.length > 0)
    return new UserError('FER4003', {
      problem: `"${path}" may mean a task of several groups`,
      fix: `write its whole path: ${places.map((around) => around + path).join(', ')}`,
    });
  const whole = (place ?? '') + path;
  const names = whole.split('/');
  let dag = root;
  for (let at = 0; at < names.length; at++) {
    const task = dag?.tasks?.[names[at] ?? ''];
    if (task === undefined) {
      const around = at === 0 ? '' : ` in "${names.slice(0, at).join('/')}"`;
      const known = Object.keys(dag?.tasks ?? {}).join(', ');
      return new UserError('FER4003', {
        problem: `the pipeline has no task "${path}"`,
        fix: `its tasks${around}: ${known}`,
      });
    }
    dag = spec.components?.[task.componentRef.name]?.dag;
    if (isLoop(task) && /^\d+$/.test(names[at + 1] ?? '')) at += 1;
  }
  return whole;
}

/** Finds what comes before a task's name in its path, wherever there is one of that name. */
function placesOf(spec: PipelineSpec, dag: DagSpec | undefined, name: string, around: string): string[] {
  return Object.entries(dag?.tasks ?? {}).flatMap(([other, { componentRef }]) => [
    ...(other === name ? [around] : []),
    ...placesOf(spec, spec.components?.[componentRef.name]?.dag, name, `${around}${other}/`),
  ]);
}
