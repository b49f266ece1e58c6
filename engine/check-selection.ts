import { UserError, UserErrors } from '../errors/index.ts';
import type { RunRequest } from './request.ts';

/**
 * Checks that `only` and `from` name tasks.
 * @throws UserErrors FER4003 with the names there are
 */
export function checkSelection({ compiled, only, from }: RunRequest): void {
  const { spec } = compiled;
  const wrong = [only, from].flatMap((path) => {
    if (path === undefined) return [];
    let dag = spec.root.dag;
    for (const name of path.split('/')) {
      const task = dag?.tasks?.[name];
      if (task === undefined)
        return new UserError('FER4003', {
          problem: `the pipeline has no task "${path}"`,
          fix: `its tasks: ${Object.keys(dag?.tasks ?? {}).join(', ')}`,
        });
      dag = spec.components?.[task.componentRef.name]?.dag;
    }
    return [];
  });
  if (wrong.length > 0) throw new UserErrors(wrong);
}
