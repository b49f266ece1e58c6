const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Reads `30s`, `10m`, `2h` or `1d` as seconds; undefined for anything else. */
export function seconds(text: string): number | undefined {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const size = unit === undefined ? undefined : units[unit];
  return count === undefined || size === undefined ? undefined : Number(count) * size;
}
