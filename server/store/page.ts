/** Lists rows a page at a time, sorted and filtered as KFP's API has it. */
import { PostgresAdapter, sql, type Kysely, type RawBuilder } from 'kysely';
import { z } from 'zod';
import { Refusal } from '../failure.ts';
import { readFilter, type Predicate } from './filter.ts';
import type { Tables } from './tables.ts';

/** A field that requests may sort and filter by. */
interface Field {
  readonly column: string;
  readonly type: 'text' | 'time' | 'number';
}

export type Fields = Readonly<Record<string, Field>>;

/** What a request may say of a list. */
export interface ListRequest {
  readonly page_token?: string | undefined;
  readonly page_size?: number | undefined;
  readonly sort_by?: string | undefined;
  readonly filter?: string | undefined;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  /** Empty on the last page. */
  readonly next: string;
}

interface Listing<T extends keyof Tables> {
  readonly table: T;
  /** The column that tells rows apart. */
  readonly key: keyof Tables[T] & string;
  readonly fields: Fields;
  /** What all rows must have: a column's value, or one of several. */
  readonly where: Readonly<Partial<Record<keyof Tables[T] & string, string | readonly string[]>>>;
}

/** Where a page ends: the token is this, so that the next page needs no more than it. */
const markSchema = z.object({
  /** Field and direction. */
  by: z.string(),
  down: z.boolean(),
  filter: z.string(),
  size: z.number().int().min(1),
  /** The last row's value and key. */
  value: z.union([z.string(), z.number()]),
  key: z.string(),
});

type Mark = z.infer<typeof markSchema>;

const usualSize = 20;
const mostRows = 200;

/**
 * Reads one page.
 * @throws Refusal for a token, a field or a filter that is none
 */
export async function listPage<T extends keyof Tables>(
  database: Kysely<Tables>,
  listing: Listing<T>,
  request: ListRequest,
): Promise<Page<Tables[T]>> {
  const mark = readToken(request);
  const { by, down } = mark ?? readOrder(request.sort_by);
  const filter = mark?.filter ?? request.filter ?? '';
  const size = Math.min(mostRows, request.page_size || mark?.size || usualSize);
  const field = fieldOf(listing.fields, by);
  if (mark !== undefined && !isOf(mark.value, field)) throw unreadable('does not read');
  const ordered = orderOf(database);
  const conditions = [
    ...Object.entries(listing.where).map(([column, value]) => among(column, value)),
    ...readFilter(filter).map((predicate) =>
      conditionOf(predicate, fieldOf(listing.fields, predicate.key), ordered),
    ),
  ];
  const key = sql.ref(listing.key);
  const column = ordered(field);
  const after =
    mark === undefined
      ? []
      : [
          down
            ? sql<boolean>`(${column}, ${key}) < (${mark.value}, ${mark.key})`
            : sql<boolean>`(${column}, ${key}) > (${mark.value}, ${mark.key})`,
        ];
  const order = sql.raw(down ? 'desc' : 'asc');
  const table = sql.table(listing.table);
  const [found, counted] = await Promise.all([
    sql<Tables[T]>`select * from ${table} where ${all([...conditions, ...after])}
      order by ${column} ${order}, ${key} ${order} limit ${size + 1}`.execute(database),
    sql<{ total: number }>`select count(*) as total from ${table} where ${all(conditions)}`.execute(database),
  ]);
  const rows = found.rows.slice(0, size);
  const last = found.rows.length > size ? rows.at(-1) : undefined;
  return {
    rows,
    total: counted.rows[0]?.total ?? 0,
    next:
      last === undefined
        ? ''
        : writeToken({
            by,
            down,
            filter,
            size,
            value: cell(last, field.column),
            key: String(cell(last, listing.key)),
          }),
  };
}

function cell(row: object, column: string): string | number {
  const value: unknown = Object.entries(row).find(([name]) => name === column)?.[1];
  return typeof value === 'number' ? value : String(value);
}

function all(conditions: readonly RawBuilder<boolean>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`1 = 1` : sql.join(conditions, sql` and `);
}

function among(column: string, value: unknown): RawBuilder<boolean> {
  if (!Array.isArray(value)) return sql<boolean>`${sql.ref(column)} = ${value}`;
  if (value.length === 0) return sql<boolean>`1 = 0`;
  return sql<boolean>`${sql.ref(column)} in (${sql.join(value)})`;
}

type Ordered = (field: Field) => RawBuilder<unknown>;

/** Texts are ordered by their bytes, as SQLite does: in PostgreSQL the order depends on where it was set up. */
function orderOf(database: Kysely<Tables>): Ordered {
  const isPostgres = database.getExecutor().adapter instanceof PostgresAdapter;
  return ({ column, type }) =>
    isPostgres && type === 'text' ? sql`${sql.ref(column)} collate "C"` : sql.ref(column);
}

function conditionOf(predicate: Predicate, field: Field, ordered: Ordered): RawBuilder<boolean> {
  const column = sql.ref(field.column);
  // Texts are compared without regard to case, as KFP's are: by the database on both sides, which each know other letters.
  // Ids have one case, and indices.
  const folds = field.type === 'text' && !field.column.endsWith('_id');
  const folded = (side: unknown): RawBuilder<unknown> => (folds ? sql`lower(${side})` : sql`${side}`);
  const [value, ...others] = predicate.values.map((one) => cast(one, field, predicate.key));
  if (value === undefined) throw new Refusal('invalid', `the predicate on "${predicate.key}" has no value`);
  switch (predicate.operation) {
    case 'EQUALS':
      return sql<boolean>`${folded(column)} = ${folded(value)}`;
    case 'NOT_EQUALS':
      return sql<boolean>`${folded(column)} <> ${folded(value)}`;
    case 'GREATER_THAN':
      return sql<boolean>`${ordered(field)} > ${value}`;
    case 'GREATER_THAN_EQUALS':
      return sql<boolean>`${ordered(field)} >= ${value}`;
    case 'LESS_THAN':
      return sql<boolean>`${ordered(field)} < ${value}`;
    case 'LESS_THAN_EQUALS':
      return sql<boolean>`${ordered(field)} <= ${value}`;
    case 'IN':
      return sql<boolean>`${folded(column)} in (${sql.join([value, ...others].map(folded))})`;
    case 'IS_SUBSTRING': {
      if (field.type !== 'text')
        throw new Refusal('invalid', `IS_SUBSTRING goes with texts, and "${predicate.key}" is none`);
      const pattern = `%${String(value).replaceAll(/[\\%_]/g, (one) => `\\${one}`)}%`;
      return sql<boolean>`lower(${column}) like lower(${pattern}) escape '\\'`;
    }
  }
}

function cast(value: string | number, { type }: Field, key: string): string | number {
  if (type === 'text') return String(value);
  const number = type === 'time' && typeof value === 'string' ? Date.parse(value) : Number(value);
  if (!Number.isSafeInteger(number))
    throw new Refusal('invalid', `"${value}" is no ${type} to compare "${key}" with`);
  return number;
}

function fieldOf(fields: Fields, key: string): Field {
  const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (field === undefined)
    throw new Refusal(
      'invalid',
      `"${key}" is no field to sort or filter by: there are ${Object.keys(fields).join(', ')}`,
    );
  return field;
}

function readOrder(sortBy = ''): { readonly by: string; readonly down: boolean } {
  const [by = '', direction = 'asc', ...rest] = sortBy.trim().split(/\s+/);
  if (by === '') return { by: 'created_at', down: false };
  if (rest.length > 0 || (direction !== 'asc' && direction !== 'desc'))
    throw new Refusal('invalid', `"${sortBy}" is no order: write a field, and "asc" or "desc" after it`);
  return { by, down: direction === 'desc' };
}

function readToken({ page_token: token, sort_by: sortBy, filter }: ListRequest): Mark | undefined {
  if (token === undefined || token === '') return undefined;
  const mark = markIn(token);
  if (mark === undefined) throw unreadable('does not read');
  const { by, down } = mark;
  if (sortBy !== undefined && sortBy !== '') {
    const order = readOrder(sortBy);
    if (order.by !== by || order.down !== down) throw unreadable('is of a list in another order');
  }
  if (filter !== undefined && filter !== '' && filter !== mark.filter)
    throw unreadable('is of a list with another filter');
  return mark;
}

/** What a token says, whoever wrote it; undefined where it is none of ours. */
function markIn(token: string): Mark | undefined {
  try {
    return markSchema.safeParse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Whether a value can be that of a field: a database would fail over another. */
function isOf(value: string | number, { type }: Field): boolean {
  return type === 'text' ? typeof value === 'string' : Number.isSafeInteger(value);
}

function unreadable(why: string): Refusal {
  return new Refusal('invalid', `the page token ${why}: start at the first page`);
}

function writeToken(mark: Mark): string {
  return Buffer.from(JSON.stringify(mark)).toString('base64url');
}
