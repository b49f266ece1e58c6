/** Options that only some backends know: given for another, they are an error and not left out in silence. */
import { UserError } from '../../errors/index.ts';

/** By the name of an option's value: how it is typed, and who knows it. */
export type OptionsOfBackends = Readonly<
  Record<string, { readonly flag: string; readonly backends: readonly string[] }>
>;

/** @throws UserError FER1002 with the first option that says nothing to the backend */
export function refuseOptionsOfOthers(options: { readonly backend: string }, known: OptionsOfBackends): void {
  const given: Readonly<Record<string, unknown>> = { ...options };
  for (const [name, { flag, backends }] of Object.entries(known)) {
    const value = given[name];
    const isGiven = value !== undefined && !(Array.isArray(value) && value.length === 0);
    if (!isGiven || backends.includes(options.backend)) continue;
    throw new UserError('FER1002', {
      problem: `${flag} says nothing to the backend ${options.backend}: it is for ${backends.join(', ')}`,
      fix: 'leave it out, or name that backend',
    });
  }
}

/** Reads `name=value` pairs. @throws UserError FER1002 */
export function labelsIn(texts: readonly string[]): Record<string, string> {
  const pairs = texts.map((text): [string, string] => {
    const at = text.indexOf('=');
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
    throw new UserError('FER1002', {
      problem: `"--label ${text}" has no value`,
      fix: 'write --label name=value',
    });
  });
  return Object.fromEntries(pairs);
}
