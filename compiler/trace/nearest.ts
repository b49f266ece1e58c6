/** Suggests the name that was probably meant. */
export function nearest(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'it has none';
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  const list = `it has ${known.map((candidate) => `"${candidate}"`).join(', ')}`;
  return best !== undefined && best.distance <= Math.max(2, name.length / 3)
    ? `did you mean "${best.candidate}"?`
    : list;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
