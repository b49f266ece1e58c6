/** Filters of KFP's listings. */

/** Numbers of the operations, as Python's client sends them. */
const operations = { equals: 1, notEquals: 2, greaterThan: 3, lessThan: 6, in: 8, contains: 9 } as const;

/** Writes a filter for a field with a text. KFP compares without regard to case. */
export function filterBy(
  field: string,
  operation: 'equals' | 'notEquals' | 'contains',
  text: string,
): string {
  return JSON.stringify({
    predicates: [{ operation: operations[operation], key: field, stringValue: text }],
  });
}
