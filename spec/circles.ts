/** Finds names that lead back to themselves: tasks that wait for each other, components that contain each other. */

/**
 * Finds a circle, as the names on it; undefined where there is none. Peels off what leads to nothing left; what remains is on or
 * before a circle.
 * @param edges the names that each name leads to; those that are no keys do not count
 */
export function findCircle(edges: ReadonlyMap<string, Iterable<string>>): string[] | undefined {
  const ahead = new Map<string, Set<string>>();
  const behind = new Map<string, string[]>();
  for (const [name, others] of edges) {
    const known = new Set([...others].filter((other) => edges.has(other)));
    ahead.set(name, known);
    for (const other of known) {
      const before = behind.get(other);
      if (before === undefined) behind.set(other, [name]);
      else before.push(name);
    }
  }
  const free = [...ahead].filter(([, others]) => others.size === 0).map(([name]) => name);
  for (const name of free) {
    ahead.delete(name);
    for (const before of behind.get(name) ?? []) {
      const left = ahead.get(before);
      left?.delete(name);
      if (left?.size === 0) free.push(before);
    }
  }
  const [start] = ahead.keys();
  if (start === undefined) return undefined;
  const path = [start];
  for (;;) {
    const next = [...(ahead.get(path.at(-1) ?? '') ?? [])].find((name) => ahead.has(name));
    if (next === undefined) return path;
    const known = path.indexOf(next);
    if (known >= 0) return path.slice(known);
    path.push(next);
  }
}
