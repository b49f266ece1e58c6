/** What a Dockerfile takes from outside: the images it starts from, and the files it copies. */

export interface Dockerfile {
  /** Images named by FROM and COPY --from, with the defaults of ARG filled in, in order, each once. */
  readonly bases: readonly string[];
  /** Sources of COPY and ADD that lie in the build's context, as they are written. */
  readonly sources: readonly string[];
  /** Names of its build arguments. */
  readonly declared: readonly string[];
}

/** Values of build arguments by name. */
export type BuildArguments = Readonly<Record<string, string>>;

/**
 * Reads a Dockerfile, as far as it must be known to gather its context.
 * @param given build arguments that take the place of ARG's defaults
 */
export function readDockerfile(text: string, given: BuildArguments = {}): Dockerfile {
  const values: Record<string, string> = {};
  const stages = new Set(['scratch']);
  const bases = new Set<string>();
  const sources: string[] = [];
  const declared = new Set<string>();
  for (const line of instructions(text)) {
    const [keyword = '', ...words] = line.split(/\s+/);
    const plain = words.filter((word) => !word.startsWith('--'));
    const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
    switch (keyword.toUpperCase()) {
      case 'ARG':
        for (const word of plain) {
          declare(word, values, given);
          declared.add(word.replace(/=.*$/, ''));
        }
        break;
      case 'FROM': {
        const image = fill(plain[0] ?? '', values);
        if (!stages.has(image)) bases.add(image);
        if (/^as$/i.test(plain[1] ?? '')) stages.add(plain[2] ?? '');
        break;
      }
      case 'COPY':
      case 'ADD':
        if (from === undefined) sources.push(...sourcesOf(plain).map((source) => fill(source, values)));
        else if (!stages.has(from) && !/^\d+$/.test(from)) bases.add(fill(from, values));
        break;
    }
  }
  return {
    bases: [...bases],
    sources: sources.filter((source) => !source.includes('://')),
    declared: [...declared],
  };
}

/** Writes digests behind the images that a Dockerfile starts from, where there is one for them. */
export function pinBases(
  text: string,
  pins: Readonly<Record<string, string>>,
  given: BuildArguments = {},
): string {
  const values: Record<string, string> = {};
  const pinned = (image: string): string => {
    const full = fill(image, values);
    const digest = pins[full];
    return digest === undefined ? image : `${full}@${digest}`;
  };
  return text
    .split('\n')
    .map((line) => {
      for (const [, word = ''] of line.matchAll(/^\s*ARG\s+(\S+)/gi)) declare(word, values, given);
      return line
        .replace(
          /^(\s*FROM\s+(?:--\S+\s+)*)(\S+)/i,
          (_, start: string, image: string) => start + pinned(image),
        )
        .replace(/^(\s*COPY\s.*--from=)(\S+)/i, (_, start: string, image: string) => start + pinned(image));
    })
    .join('\n');
}

/** Lists the instructions, one a line, without comments. */
function instructions(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function declare(word: string, values: Record<string, string>, given: BuildArguments): void {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  const fallback = equals < 0 ? values[name] : word.slice(equals + 1).replaceAll(/^["']|["']$/g, '');
  const value = given[name] ?? fallback;
  if (value !== undefined) values[name] = value;
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g,
    (whole, braced: string | undefined, fallback: string | undefined, bare: string | undefined) =>
      values[braced ?? bare ?? ''] ?? fallback ?? whole,
  );
}

function sourcesOf(words: readonly string[]): string[] {
  if (words[0]?.startsWith('[') !== true) return words.slice(0, -1);
  try {
    return (JSON.parse(words.join(' ')) as string[]).slice(0, -1);
  } catch {
    // Docker reads what is no JSON as plain words.
    return words.slice(0, -1);
  }
}
