import { UserError } from '../errors/index.ts';

/** Refuses a call that means something only while a pipeline is compiled. */
export function calledOutside(name: string): never {
  throw new UserError('FER2026', {
    problem: `${name}() was called outside a pipeline that is compiled`,
    fix: 'call it in the function of a pipeline; run that with `ferrule run`',
  });
}
