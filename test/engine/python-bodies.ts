/** What the components of specs/flow.py do, for the runner in memory. */
import type { JsonValue } from '../../spec/index.ts';
import { Fails, type Body, type Call } from './memory.ts';

function number(value: JsonValue | undefined): number {
  if (typeof value !== 'number') throw new Fails(`${JSON.stringify(value)} is no number`, false);
  return value;
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  if (!Array.isArray(value)) throw new Fails(`${JSON.stringify(value)} is no list`, false);
  return value as readonly JsonValue[];
}

const sum = (values: readonly JsonValue[]): number => values.map(number).reduce((all, one) => all + one, 0);
const range = (upto: number): number[] => Array.from({ length: upto }, (_, index) => index);
const same =
  (name: string): Body =>
  ({ parameters }) => ({ Output: parameters[name] ?? null });

export const pythonBodies: Readonly<Record<string, Body>> = {
  number: ({ parameters }) => ({ Output: number(parameters['n']) }),
  text: same('t'),
  clean: same('what'),
  numbers: ({ parameters }) => ({ Output: range(number(parameters['upto'])) }),
  untyped: ({ parameters }) => ({ Output: range(number(parameters['upto'])) }),
  records: () => ({
    Output: [
      { a: 1, b: 10 },
      { a: 2, b: 20 },
    ],
  }),
  named: () => ({ names: ['x', 'y'], big: true }),
  total: ({ parameters }) => ({ Output: sum(list(parameters['xs'])) }),
  nested_total: ({ parameters }) => ({
    Output: sum(list(parameters['xs']).map((inner) => sum(list(inner)))),
  }),
  write: ({ text, write }: Call) => write('data', text('t')),
  read: ({ read }: Call) => ({ Output: read('data') }),
  join: ({ readAll }: Call) => ({ Output: readAll('data').join('+') }),
  fails: () => {
    throw new Fails('as it should', false);
  },
  report: ({ parameters }) => {
    const status = parameters['status'];
    const state = typeof status === 'object' && status !== null && 'state' in status ? status['state'] : null;
    return { Output: state ?? null };
  },
};
