/** Keeps the values of secrets out of specs. */
import type { Diagnostics } from '../diagnostics.ts';
import type { TracedPipeline } from '../trace/traced-task.ts';

/** Reports environment values and parameters that are the value of a variable named as secret. */
export function checkSecrets(
  pipeline: TracedPipeline,
  env: Readonly<Record<string, string | undefined>>,
  diagnostics: Diagnostics,
): void {
  const names = new Set(pipeline.tasks.flatMap((task) => task.settings.secretEnv));
  const secrets = new Map([...names].flatMap((name) => (env[name] ? [[env[name], name] as const] : [])));
  if (secrets.size === 0) return;
  for (const task of pipeline.tasks)
    for (const [variable, value] of Object.entries({ ...task.settings.env, ...task.options.env })) {
      const name = secrets.get(value);
      if (name === undefined) continue;
      diagnostics.add('FER2020', {
        at: task.place(),
        problem: `the variable "${variable}" would write the value of the secret "${name}" into the spec`,
        fix: `leave it out of env: secretEnv: ['${name}'] hands it to the component when it runs`,
      });
    }
}
