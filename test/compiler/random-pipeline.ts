/** Pipelines made at random: tasks, loops in loops, branches, exit tasks, pipelines in pipelines, and what they hand each other. */
import * as fc from 'fast-check';

/** What a statement looks like, before it is known which values it may use. Numbers choose among those. */
type Statement =
  | { readonly kind: 'task'; readonly component: number; readonly picks: readonly number[] }
  | {
      readonly kind: 'loop';
      readonly items: number;
      readonly body: readonly Statement[];
      readonly limit: number;
    }
  | {
      readonly kind: 'branches';
      readonly conditions: readonly (readonly number[])[];
      readonly bodies: readonly (readonly Statement[])[];
      readonly otherwise: boolean;
    };

const picks = fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 });

const { body } = fc.letrec<{ statement: Statement; body: readonly Statement[] }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('task' as const), component: fc.nat(1000), picks }),
    fc.record({
      kind: fc.constant('loop' as const),
      items: fc.nat(1000),
      body: tie('body'),
      limit: fc.nat(3),
    }),
    fc.record({
      kind: fc.constant('branches' as const),
      conditions: fc.array(picks, { minLength: 1, maxLength: 3 }),
      bodies: fc.array(tie('body'), { minLength: 4, maxLength: 4 }),
      otherwise: fc.boolean(),
    }),
  ),
  body: fc.array(tie('statement'), { minLength: 1, maxLength: 3 }),
}));

/** A program: its statements, and whether they run before an exit task. */
export const programs = fc.record({ body, exit: fc.boolean() });
export type Program = typeof programs extends fc.Arbitrary<infer P> ? P : never;

type Type = 'int' | 'text' | 'flag' | 'data' | 'ints' | 'texts' | 'parts';

interface Value {
  readonly type: Type;
  readonly text: string;
}

/** The components, with what each takes and gives. `inner` is a pipeline. */
const components: Readonly<
  Record<string, { readonly takes: Readonly<Record<string, Type>>; readonly gives: Type }>
> = {
  num: { takes: { a: 'int', text: 'text' }, gives: 'int' },
  say: { takes: { text: 'text' }, gives: 'text' },
  check: { takes: { a: 'int', data: 'data' }, gives: 'flag' },
  make: { takes: { a: 'int' }, gives: 'data' },
  count: { takes: { values: 'ints', text: 'text' }, gives: 'int' },
  join: { takes: { texts: 'texts' }, gives: 'text' },
  merge: { takes: { parts: 'parts' }, gives: 'data' },
  listUp: { takes: { a: 'int' }, gives: 'ints' },
  split: { takes: { text: 'text' }, gives: 'texts' },
  inner: { takes: { a: 'int', name: 'text' }, gives: 'int' },
};

/** The declarations that every program uses. */
export const declarations = `import { and, collect, component, eq, forEach, gt, int, ne, not, onExit, oneOf, or, pipeline, when, type Dataset, type FinalStatus, type Int } from 'ferrule';
export const num = component({ image: 'a' }, ({ a }: { a: Int; text: string }): Int => a);
export const say = component({ image: 'a' }, ({ text }: { text: string }): string => text);
export const check = component({ image: 'a' }, (_inputs: { a: Int; data: Dataset }): boolean => true);
export const make = component({ image: 'a' }, (_inputs: { a: Int }, _out: { data: Dataset }) => {});
export const count = component({ image: 'a' }, ({ values }: { values: readonly Int[]; text: string }): Int => values.length);
export const join = component({ image: 'a' }, ({ texts }: { texts: readonly string[] }): string => texts.join());
export const merge = component({ image: 'a' }, (_inputs: { parts: readonly Dataset[] }, _out: { data: Dataset }) => {});
export const listUp = component({ image: 'a' }, ({ a }: { a: Int }): Int[] => [a]);
export const split = component({ image: 'a' }, ({ text }: { text: string }): string[] => [text]);
export const told = component({ image: 'a' }, (_inputs: { status: FinalStatus; text: string }) => {});
export const inner = pipeline('inner', { a: int(1), name: 'x' }, ({ a, name }) => {
  const loop = forEach([1, 2], (one) => num({ a: one, text: name }));
  const chosen = when(gt(a, 1), () => num({ a, text: 'much' })).otherwise(() => count({ values: collect(loop).Output, text: 'all' }));
  return { Output: oneOf(chosen).Output };
});
`;

/** Writes a program as the exported pipeline of a name. */
export function programText({ body: statements, exit }: Program, name: string): string {
  const writer = new Writer();
  const scope: Value[] = [
    { type: 'int', text: 'n' },
    { type: 'text', text: 's' },
    { type: 'flag', text: 'f' },
    { type: 'ints', text: 'xs' },
    { type: 'texts', text: 'ts' },
  ];
  const inside = writer.body(statements, scope, exit ? '    ' : '  ').lines;
  const lines = exit
    ? ['  const end = told({ text: s });', '  onExit(end, () => {', ...inside, '  });']
    : inside;
  return `export const ${name} = pipeline('${name}', { n: int(3), s: "it's", f: true, xs: [int(1)], ts: ['a'] }, ({ n, s, f, xs, ts }) => {\n${lines.join('\n')}\n});\n`;
}

class Writer {
  #made = 0;

  #name(prefix: string): string {
    this.#made += 1;
    return `${prefix}${this.#made}`;
  }

  /** Writes statements; gives the last task, for `collect` and `oneOf`. */
  body(
    statements: readonly Statement[],
    outer: readonly Value[],
    indent: string,
  ): { readonly lines: string[]; readonly last?: { readonly name: string; readonly component: string } } {
    const scope = [...outer];
    const lines: string[] = [];
    let last: { readonly name: string; readonly component: string } | undefined;
    for (const statement of statements)
      switch (statement.kind) {
        case 'task': {
          const task = this.#task(statement.component, statement.picks, scope);
          lines.push(`${indent}const ${task.name} = ${task.call};`);
          scope.push({ type: task.gives, text: outputOf(task) });
          last = task;
          break;
        }
        case 'loop':
          lines.push(...this.#loop(statement, scope, indent));
          break;
        case 'branches':
          lines.push(...this.#branches(statement, scope, indent));
      }
    return { lines, ...(last && { last }) };
  }

  #task(choice: number, choices: readonly number[], scope: readonly Value[]) {
    const names = Object.keys(components);
    const component = names[choice % names.length] ?? 'num';
    const { takes, gives } = components[component] ?? { takes: {}, gives: 'int' as const };
    const inputs = Object.entries(takes).map(([input, type], index) => {
      const pick = choices[index] ?? 0;
      return `${input}: ${type === 'text' && pick % 3 === 0 ? templateOf(pick, scope) : pickOf(type, pick, scope)}`;
    });
    const name = this.#name('t');
    return { name, component, gives, call: `${component}({ ${inputs.join(', ')} })` };
  }

  #loop(
    { items, body: statements, limit }: Statement & { kind: 'loop' },
    scope: Value[],
    indent: string,
  ): string[] {
    const lists = ['[1, 2]', "['a', 'b'] as readonly string[]", '[]', ...textsOf('ints', scope), ...textsOf('texts', scope), ...textsOf('parts', scope)]; // prettier-ignore
    const list = lists[items % lists.length] ?? '[1, 2]';
    const known = scope.find(({ text }) => text === list)?.type;
    const [item, name] = [this.#name('item'), this.#name('loop')];
    const type = known === 'parts' ? 'data' : known === 'texts' || list.includes("'") ? 'text' : 'int';
    const empty = list === '[]' ? '[1]' : list;
    const { lines, last } = this.body(statements, [...scope, { type, text: item }], `${indent}  `);
    const gives = last === undefined ? undefined : components[last.component]?.gives;
    if (last !== undefined && gives !== undefined && listOf[gives] !== undefined)
      scope.push({ type: listOf[gives], text: `collect(${name}).${fieldOf(last.component)}` });
    const options = limit > 0 ? `, { parallelism: ${limit} }` : '';
    return [
      `${indent}const ${name} = forEach(${empty}, (${item}) => {`,
      ...lines,
      ...(last === undefined ? [] : [`${indent}  return ${last.name};`]),
      `${indent}}${options});`,
    ];
  }

  #branches(
    { conditions, bodies, otherwise }: Statement & { kind: 'branches' },
    scope: Value[],
    indent: string,
  ): string[] {
    const name = this.#name('branches');
    const lines: string[] = [];
    const given: (string | undefined)[] = [];
    const branch = (head: string, statements: readonly Statement[]): void => {
      const { lines: inside, last } = this.body(statements, scope, `${indent}  `);
      given.push(last?.component);
      lines.push(
        `${head}() => {`,
        ...inside,
        ...(last === undefined ? [] : [`${indent}  return ${last.name};`]),
        `${indent}})`,
      );
    };
    for (const [index, choices] of conditions.entries())
      branch(
        index === 0
          ? `${indent}const ${name} = when(${conditionOf(choices, scope)}, `
          : `${indent}.elseWhen(${conditionOf(choices, scope)}, `,
        bodies[index] ?? [],
      );
    if (otherwise) branch(`${indent}.otherwise(`, bodies[conditions.length] ?? []);
    const [first] = given;
    const type = first === undefined ? undefined : components[first]?.gives;
    if (
      otherwise &&
      first !== undefined &&
      type !== undefined &&
      given.every((component) => component === first)
    )
      scope.push({ type, text: `oneOf(${name}).${fieldOf(first)}` });
    return [`${lines.join('\n')};`, `${indent}void ${name};`];
  }
}

const listOf: Readonly<Partial<Record<Type, Type>>> = { int: 'ints', text: 'texts', data: 'parts' };

function fieldOf(component: string): string {
  return components[component]?.gives === 'data' ? 'data' : 'Output';
}

function outputOf({ name, component }: { readonly name: string; readonly component: string }): string {
  return `${name}.outputs.${fieldOf(component)}`;
}

function textsOf(type: Type, scope: readonly Value[]): string[] {
  return scope.filter((value) => value.type === type).map(({ text }) => text);
}

const constants: Readonly<Record<Type, string>> = {
  int: '7',
  text: "'it\\'s {{$}} \"é\"'",
  flag: 'true',
  data: 'make({ a: 1 }).outputs.data',
  ints: '[1, 2]',
  texts: "['x']",
  parts: 'collect(forEach([1], (one) => make({ a: one }))).data',
};

function pickOf(type: Type, pick: number, scope: readonly Value[]): string {
  const known = [...textsOf(type, scope), constants[type]];
  return known[pick % known.length] ?? constants[type];
}

function templateOf(pick: number, scope: readonly Value[]): string {
  const parts = [pickOf('int', pick, scope), pickOf('text', pick + 1, scope)].filter((text) =>
    /^[\w.()]+$/.test(text),
  );
  return `\`a ${parts.map((part) => `\${${part}}`).join(' and ')} z\``;
}

function conditionOf(
  [form = 0, first = 0, second = 0, third = 0]: readonly number[],
  scope: readonly Value[],
): string {
  const refs = (type: Type, fallback: string): string[] => [...textsOf(type, scope), fallback];
  const one = (type: Type, fallback: string, pick: number): string =>
    refs(type, fallback)[pick % textsOf(type, scope).length] ?? fallback;
  const simple = [
    `gt(${one('int', 'n', first)}, ${pickOf('int', second, scope)})`,
    `eq(${one('text', 's', first)}, ${pickOf('text', second, scope)})`,
    `ne(${one('text', 's', first)}, "a'b")`,
    one('flag', 'f', first),
    `eq(${one('flag', 'f', first)}, false)`,
  ];
  const a = simple[form % simple.length] ?? 'f';
  const b = simple[third % simple.length] ?? 'f';
  return [a, `not(${a})`, `and(${a}, ${b})`, `or(${a}, not(${b}))`, a][third % 5] ?? a;
}
