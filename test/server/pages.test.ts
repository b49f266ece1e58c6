/** Lists, page by page, against a plain model: in any order, with any filter, while others add and remove rows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  array,
  assert,
  asyncProperty,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  record,
  string,
  uniqueArray,
  uuid,
  type Arbitrary,
} from 'fast-check';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../cli/server-postgres.ts';
import { openSqlite } from '../../cli/server-sqlite.ts';
import type { ServerDatabase } from '../../server/index.ts';
import { openTables } from '../../server/store/database.ts';
import { listPage, type Fields, type ListRequest, type Page } from '../../server/store/page.ts';
import type { RecurringRow, Tables } from '../../server/store/tables.ts';
import { postgresFolder } from '../counterparts.ts';
import { startPostgres, type Postgres } from './postgres.ts';

const fields: Fields = {
  recurring_run_id: { column: 'recurring_run_id', type: 'text' },
  display_name: { column: 'display_name', type: 'text' },
  description: { column: 'description', type: 'text' },
  status: { column: 'status', type: 'text' },
  max_concurrency: { column: 'max_concurrency', type: 'number' },
  created_at: { column: 'created_at', type: 'time' },
};

type Row = Pick<
  RecurringRow,
  'recurring_run_id' | 'display_name' | 'description' | 'status' | 'max_concurrency' | 'created_at'
>;

/** Few values, so that many rows have the same; and those that patterns, quotes and orders stumble over. */
const word = oneof(
  constantFrom(
    '',
    'a',
    'A',
    'b',
    'a%',
    'a_',
    'a\\',
    "it's",
    '"q"',
    'Ä',
    'ü',
    'z',
    'Z',
    '🙂',
    '%',
    '_',
    'ab',
    'AB',
  ),
  string({ maxLength: 3 }).map((text) => text.replaceAll('\u0000', '')),
);
const moment = integer({ min: 1, max: 5 }).map((second) => 1_700_000_000_000 + second);
const rowOf: Arbitrary<Row> = record({
  recurring_run_id: uuid(),
  display_name: word,
  description: word,
  status: constantFrom('ENABLED', 'DISABLED'),
  max_concurrency: integer({ min: 1, max: 10 }),
  created_at: moment,
});
const rowsOf = uniqueArray(rowOf, { selector: (row) => row.recurring_run_id, maxLength: 25 });

const texts = [
  'EQUALS',
  'NOT_EQUALS',
  'GREATER_THAN',
  'GREATER_THAN_EQUALS',
  'LESS_THAN',
  'LESS_THAN_EQUALS',
] as const;

interface Predicate {
  readonly operation: string;
  readonly key: keyof Row;
  readonly string_value?: string;
  readonly int_value?: number;
  readonly long_value?: string;
  readonly timestamp_value?: string;
  readonly string_values?: { readonly values: readonly string[] };
}

const textKey = constantFrom('display_name', 'description', 'status');
const predicate: Arbitrary<Predicate> = oneof(
  record({ operation: constantFrom(...texts, 'IS_SUBSTRING'), key: textKey, string_value: word }),
  record({
    operation: constant('IN'),
    key: textKey,
    string_values: record({ values: array(word, { minLength: 1, maxLength: 3 }) }),
  }),
  record({
    operation: constantFrom(...texts),
    key: constant('max_concurrency' as const),
    int_value: integer({ min: 0, max: 11 }),
  }),
  record({
    operation: constantFrom(...texts),
    key: constant('max_concurrency' as const),
    long_value: integer({ min: 0, max: 11 }).map(String),
  }),
  record({
    operation: constantFrom(...texts),
    key: constant('created_at' as const),
    timestamp_value: moment.map((time) => new Date(time).toISOString()),
  }),
);

/** As the databases have it: bytes in order, and case only of ASCII, which all of them know. */
const bytes = (value: string | number): Buffer | number =>
  typeof value === 'number' ? value : Buffer.from(value);
function compared(a: string | number, b: string | number): number {
  const [left, right] = [bytes(a), bytes(b)];
  return Buffer.isBuffer(left) && Buffer.isBuffer(right) ? left.compare(right) : Number(left) - Number(right);
}

type Lower = (text: string) => string;

function holds(row: Row, one: Predicate, lower: Lower): boolean {
  const own = row[one.key];
  const values = one.string_values?.values;
  const given = one.string_value ?? one.int_value ?? one.long_value ?? one.timestamp_value ?? '';
  const number = one.key === 'created_at' ? Date.parse(`${given}`) : Number(given);
  const value = typeof own === 'string' ? `${given}` : number;
  const folded = (text: string | number): string | number => (typeof text === 'string' ? lower(text) : text);
  switch (one.operation) {
    case 'EQUALS':
      return folded(own) === folded(value);
    case 'NOT_EQUALS':
      return folded(own) !== folded(value);
    case 'IN':
      return values?.some((each) => folded(each) === folded(own)) ?? false;
    case 'IS_SUBSTRING':
      return lower(String(own)).includes(lower(String(value)));
    case 'GREATER_THAN':
      return compared(own, value) > 0;
    case 'GREATER_THAN_EQUALS':
      return compared(own, value) >= 0;
    case 'LESS_THAN':
      return compared(own, value) < 0;
    default:
      return compared(own, value) <= 0;
  }
}

const whole = (row: Row, namespace: string): RecurringRow => ({
  ...row,
  namespace,
  experiment_id: 'e',
  pipeline_id: '',
  pipeline_version_id: '',
  spec_digest: '',
  parameters: '{}',
  pipeline_root: '',
  service_account: '',
  no_catchup: 0,
  trigger: '{}',
  due_after: 0,
  last_index: 0,
  updated_at: row.created_at,
  error: null,
  started_by: '',
});

describe.each(['SQLite', 'PostgreSQL'] as const)('a list on %s', (name) => {
  const absent = name === 'PostgreSQL' && postgresFolder === undefined;
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-pages-'));
  let postgres: Postgres | undefined;
  let opened: ServerDatabase;
  let database: Kysely<Tables>;
  let spaces = 0;
  /** What every database takes for the small form of a text: beyond ASCII they differ. */
  const lower: Lower = (text) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  beforeAll(async () => {
    if (absent) return;
    if (name === 'PostgreSQL') postgres = await startPostgres();
    opened =
      postgres === undefined
        ? await openSqlite(join(folder, 'db'))
        : await openPostgres(postgres.database('pages'));
    database = await openTables(opened);
  });
  afterAll(async () => {
    if (absent) return;
    await database.destroy();
    await opened.close();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const page = (namespace: string, request: ListRequest): Promise<Page<RecurringRow>> =>
    listPage(
      database,
      { table: 'recurring_runs', key: 'recurring_run_id', fields, where: { namespace } },
      request,
    );
  const insert = async (rows: readonly Row[], namespace: string): Promise<void> => {
    if (rows.length > 0)
      await database
        .insertInto('recurring_runs')
        .values(rows.map((row) => whole(row, namespace)))
        .execute();
  };
  const order = record({ by: constantFrom(...(Object.keys(fields) as (keyof Row)[])), down: boolean() });

  it.skipIf(absent)('has what the model has, in its order, whatever the filter', async () => {
    await assert(
      asyncProperty(
        rowsOf,
        order,
        array(predicate, { maxLength: 3 }),
        integer({ min: 1, max: 9 }),
        async (rows, { by, down }, predicates, size) => {
          const namespace = `model-${spaces++}`;
          await insert(rows, namespace);
          const sign = down ? -1 : 1;
          const expected = rows
            .filter((row) => predicates.every((one) => holds(row, one, lower)))
            .toSorted(
              (a, b) => sign * (compared(a[by], b[by]) || compared(a.recurring_run_id, b.recurring_run_id)),
            )
            .map((row) => row.recurring_run_id);
          const found: string[] = [];
          let token = '';
          do {
            const first = {
              sort_by: `${by} ${down ? 'desc' : 'asc'}`,
              filter: JSON.stringify({ predicates }),
              page_size: size,
            };
            const {
              rows: some,
              total,
              next,
            } = await page(namespace, token === '' ? first : { page_token: token });
            expect(total).toBe(expected.length);
            expect(some.length).toBeLessThanOrEqual(size);
            found.push(...some.map((row) => row.recurring_run_id));
            token = next;
          } while (token !== '');
          expect(found).toEqual(expected);
          await database.deleteFrom('recurring_runs').where('namespace', '=', namespace).execute();
        },
      ),
      { numRuns: 150 },
    );
  });

  it.skipIf(absent)('gives no row twice and leaves none out while others are added and removed', async () => {
    await assert(
      asyncProperty(
        rowsOf,
        array(rowsOf, { maxLength: 4 }),
        order,
        integer({ min: 1, max: 5 }),
        async (rows, additions, { by, down }, size) => {
          const namespace = `moving-${spaces++}`;
          await insert(rows, namespace);
          const known = new Set(rows.map((row) => row.recurring_run_id));
          const removed = new Set<string>();
          const waiting = [...additions];
          const found: string[] = [];
          let request: ListRequest = { sort_by: `${by} ${down ? 'desc' : 'asc'}`, page_size: size };
          for (;;) {
            // Somebody else adds some, and removes one, while the page is read.
            const more = (waiting.shift() ?? []).filter((row) => !known.has(row.recurring_run_id));
            for (const row of more) known.add(row.recurring_run_id);
            const [gone] = rows.filter(
              (row) => !removed.has(row.recurring_run_id) && row.max_concurrency === 1,
            );
            if (gone !== undefined) removed.add(gone.recurring_run_id);
            const [{ rows: some, next }] = await Promise.all([
              page(namespace, request),
              insert(more, namespace),
              gone &&
                database
                  .deleteFrom('recurring_runs')
                  .where('recurring_run_id', '=', gone.recurring_run_id)
                  .execute(),
            ]);
            found.push(...some.map((row) => row.recurring_run_id));
            if (next === '') break;
            request = { page_token: next };
          }
          expect(new Set(found).size).toBe(found.length);
          const missing = rows.filter(({ recurring_run_id: id }) => !removed.has(id) && !found.includes(id));
          expect(missing).toEqual([]);
          await database.deleteFrom('recurring_runs').where('namespace', '=', namespace).execute();
        },
      ),
      { numRuns: 100 },
    );
  });

  it.skipIf(absent)('refuses tokens that somebody else wrote, and never fails over them', async () => {
    const namespace = 'tokens';
    await insert(
      [0, 1, 2].map((index) => ({
        recurring_run_id: `00000000-0000-4000-8000-00000000000${index}`,
        display_name: 'x',
        description: '',
        status: 'ENABLED',
        max_concurrency: 1,
        created_at: index,
      })),
      namespace,
    );
    const { next } = await page(namespace, { page_size: 1 });
    const mark = JSON.parse(Buffer.from(next, 'base64url').toString()) as Record<string, unknown>;
    const written = (change: unknown): string => Buffer.from(JSON.stringify(change)).toString('base64url');
    const wrong = [
      null,
      7,
      'text',
      [],
      {},
      { ...mark, by: 'secret' },
      { ...mark, by: '__proto__' },
      { ...mark, value: 'text' },
      { ...mark, value: 1.5 },
      { ...mark, value: 1e300 },
      { ...mark, value: null },
      { ...mark, by: 'display_name', value: 7 },
      { ...mark, key: 7 },
      { ...mark, size: 0 },
      { ...mark, filter: 7 },
      { ...mark, filter: '{"predicates":[{"key":"secret","operation":"EQUALS","string_value":"x"}]}' },
    ];
    for (const one of wrong)
      await expect(page(namespace, { page_token: written(one) }), JSON.stringify(one)).rejects.toMatchObject({
        kind: 'invalid',
      });
    for (const text of ['%', 'ü', '.', next.slice(0, -7), `${next}x`.repeat(3)])
      await expect(page(namespace, { page_token: text }), text).rejects.toMatchObject({ kind: 'invalid' });
    await expect(page(namespace, { page_token: next, sort_by: 'status' })).rejects.toMatchObject({
      kind: 'invalid',
    });
    // One of another list leads nowhere else than to a place in this one.
    expect((await page('elsewhere', { page_token: next })).rows).toEqual([]);
    expect((await page(namespace, { page_token: next })).rows).toHaveLength(1);
  });

  it.skipIf(absent)('refuses filters that do not read', async () => {
    const refused = (predicates: unknown): Promise<void> =>
      expect(
        page('filters', { filter: JSON.stringify({ predicates }) }),
        JSON.stringify(predicates),
      ).rejects.toMatchObject({ kind: 'invalid' });
    for (const wrong of [
      7,
      [7],
      [null],
      [{}],
      [{ key: 'status' }],
      [{ key: 'status', operation: 'EQUALS' }],
      [{ key: 'status', operation: 'LIKE', string_value: 'x' }],
      [{ key: 'status', operation: 4, string_value: 'x' }],
      [{ key: 'status', operation: 'IN', string_value: 'x' }],
      [{ key: 'status', operation: 'IN', string_values: { values: [] } }],
      [{ key: 'status', operation: 'EQUALS', string_values: { values: ['x'] } }],
      [{ key: 'status', operation: 'EQUALS', string_value: { $ne: 1 } }],
      [{ key: 'created_at', operation: 'EQUALS', timestamp_value: 'yesterday' }],
      [{ key: 'created_at', operation: 'IS_SUBSTRING', timestamp_value: '2026-01-01T00:00:00Z' }],
      [{ key: 'max_concurrency', operation: 'EQUALS', int_value: 1.5 }],
      [{ key: 'max_concurrency', operation: 'EQUALS', long_value: '99999999999999999999' }],
      [{ key: "status' or 1=1 --", operation: 'EQUALS', string_value: 'x' }],
      [{ key: 'constructor', operation: 'EQUALS', string_value: 'x' }],
      Array.from({ length: 5000 }, () => ({ key: 'status', operation: 'EQUALS', string_value: 'x' })),
    ])
      await refused(wrong);
    for (const filter of ['{', '[]', '7', 'null', '%', '%7B'])
      await expect(page('filters', { filter }), filter).rejects.toMatchObject({ kind: 'invalid' });
    // As clients send it that encode it once more.
    const encoded = encodeURIComponent(
      '{"predicates":[{"key":"status","operation":"EQUALS","stringValue":"x"}]}',
    );
    expect((await page('filters', { filter: encoded })).total).toBe(0);
  });
});
