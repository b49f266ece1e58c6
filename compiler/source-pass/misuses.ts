/** Finds uses of Ferrule that a file's syntax alone shows to be wrong. */
import { Visitor, type Program } from 'oxc-parser';
import { UserError } from '../../errors/index.ts';
import { locate, type SourceText } from '../source-text.ts';
import type { FerruleNames } from './ferrule-names.ts';
import type { ComponentDeclaration } from './user-module.ts';

/** Lists a file's misuses, in no particular order. */
export function misuses(
  source: SourceText,
  program: Program,
  names: FerruleNames,
  components: readonly ComponentDeclaration[],
): UserError[] {
  const faults: UserError[] = [];
  const known = new Set(components.map(({ call }) => call.start));
  new Visitor({
    CallExpression(call) {
      const called = names.calls(call);
      if (called === 'component' && !known.has(call.start))
        faults.push(
          new UserError('FER2003', {
            at: locate(source, call.start),
            problem: 'component() must initialise a top-level exported const: its name says what code to run',
            fix: 'write it as: export const name = component(...), outside any function',
          }),
        );
      if ((called === 'container' || called === 'loadComponent') && !known.has(call.start))
        faults.push(
          new UserError('FER2003', {
            at: locate(source, call.start),
            problem: `${called}() must initialise a top-level const: its interface is read from there`,
            fix: `write it as: export const name = ${called}<Inputs, Outputs>(...), outside any function`,
          }),
        );
      const body = call.arguments[2];
      if (called !== 'pipeline' || body === undefined) return;
      if ((body.type === 'ArrowFunctionExpression' || body.type === 'FunctionExpression') && body.async)
        faults.push(
          new UserError('FER2013', {
            at: locate(source, body.start),
            problem: 'a pipeline function is traced once, when it is compiled: it cannot be async',
            fix: 'remove async; let a component do what must wait',
          }),
        );
    },
  }).visit(program);
  return faults;
}
