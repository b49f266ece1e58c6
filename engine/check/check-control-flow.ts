/** Checks the conditions, selectors and iterators of a task, before anything starts. */
import { listIn, type TaskSpec } from '../../spec/index.ts';
import { conditionOf, expressions, selectorOf } from '../graph/expressions.ts';

type Say = (problem: string) => void;

/** Looks whether the expressions of a task parse. */
export function checkExpressions(place: string, task: TaskSpec, say: Say): void {
  const condition = conditionOf(task);
  if (condition !== undefined) {
    const problem = expressions().celProblem(condition);
    if (problem !== undefined)
      say(`the condition of "${place}" does not read: ${problem}. It is ${condition}${hintFor(condition)}`);
  }
  for (const [name, source] of Object.entries(task.inputs?.parameters ?? {})) {
    const selector = selectorOf(source);
    const problem = selector === undefined ? undefined : expressions().celProblem(selector);
    if (problem !== undefined)
      say(`the selector of the input "${name}" of "${place}" does not read: ${problem}. It is ${selector}`);
  }
}

/** Python's compiler writes conditions that are none: what it meant can only be told to whoever wrote the pipeline. */
function hintFor(condition: string): string {
  return /'(?:int|double)?\(?inputs\.parameter_values\[/.test(condition)
    ? ". Python's kfp writes this where a number is compared with a text: compare it with a number"
    : ". Python's kfp writes this where a text to compare with has a quote in it: take that out";
}

/** Looks whether a loop has something to go over. */
export function checkIterators(place: string, task: TaskSpec, say: Say): void {
  const { parameterIterator, artifactIterator, inputs } = task;
  if (parameterIterator !== undefined && artifactIterator !== undefined)
    say(`the loop "${place}" goes over parameters and over artifacts`);
  if (parameterIterator !== undefined) {
    const { raw, inputParameter } = parameterIterator.items;
    if (raw !== undefined) {
      if (listIn(raw) === undefined)
        say(`the loop "${place}" goes over ${raw.slice(0, 80)}, which is no list`);
    } else if (inputParameter === undefined) say(`the loop "${place}" goes over nothing`);
    else if (inputs?.parameters?.[inputParameter] === undefined)
      say(`the loop "${place}" goes over its input "${inputParameter}", which it has not`);
  }
  const artifacts = artifactIterator?.items.inputArtifact;
  if (artifacts !== undefined && inputs?.artifacts?.[artifacts] === undefined)
    say(`the loop "${place}" goes over its input "${artifacts}", which it has not`);
}
