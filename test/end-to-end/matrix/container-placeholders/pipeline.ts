import { concat, container, ifPresent, int, pipeline, type Dataset, type Int } from 'ferrule';

export const prepare = container<{ readonly text: string }, { readonly data: Dataset }>(
  ({ text }, { data }) => ({
    image: 'matrix/shell',
    command: ['sh', '-c', 'mkdir -p "$1" && printf %s "$0" > "$1/text" && echo "${2##*/}" > "$1/uri"'],
    args: [text, data.path, data.uri],
  }),
);

interface Measured {
  readonly n: Int;
  readonly x: number;
  readonly flag: boolean;
  readonly items: readonly Int[];
  readonly data: Dataset;
  readonly extra?: string;
  readonly missing?: string;
}

export const measure = container<Measured, { readonly lines: Int; readonly told: string }>(
  ({ n, x, flag, items, data, extra, missing }, { lines, told }) => ({
    image: 'matrix/shell',
    command: [
      'sh',
      '-c',
      'told=$1 lines=$2 data=$3; shift 3; cat "$data"/* | wc -l > "$lines"; printf "%s|" "$(cat "$data/text")" "$@" > "$told"',
      'measure',
    ],
    args: [
      told.path,
      lines.path,
      data.path,
      n,
      x,
      flag,
      items,
      concat('<', n, ifPresent(extra, extra, 'no'), '>'),
      ifPresent(missing, ['--missing', missing], ['--none', 'here']),
      ifPresent(extra, ['--extra', extra]),
      `--n=${n}`,
    ],
  }),
);

export default pipeline('container-placeholders', { n: int(3) }, ({ n }) => {
  const prepared = prepare({ text: 'one\ntwo "quoted" $HOME\n' });
  measure({
    n,
    x: 0.5,
    flag: true,
    items: [int(1), int(2)],
    data: prepared.outputs.data,
    extra: 'an "extra"',
  });
});
