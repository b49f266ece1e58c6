import {
  container,
  ifPresent,
  pipeline,
  required,
  type Artifact,
  type ClassificationMetrics,
  type Dataset,
  type Html,
  type Int,
  type Markdown,
  type Metrics,
  type Model,
} from 'ferrule';

interface Inputs {
  readonly s: string;
  readonly i: Int;
  readonly f: number;
  readonly b: boolean;
  readonly l: readonly string[];
  readonly d: Record<string, Int>;
  readonly a: Artifact;
  readonly m: Model;
  readonly ms: readonly Model[];
  readonly ds?: 'x' | 'y';
  readonly di?: Int;
  readonly df?: number;
  readonly db?: boolean;
  readonly dl?: readonly Int[];
  readonly dd?: Record<string, string>;
  readonly base?: Dataset;
}
interface Outputs {
  readonly os: string;
  readonly oi: Int;
  readonly of: number;
  readonly ob: boolean;
  readonly ol: readonly string[];
  readonly od: Record<string, Int>;
  readonly html: Html;
  readonly page: Markdown;
  readonly metrics: Metrics;
  readonly cm: ClassificationMetrics;
}

export const many = container<Inputs, Outputs>(
  (
    { s, i, f, b, l, d, a, m, ms, ds = 'x', di = 3, df = 0.25, db = false, dl = [1, 2], dd = { a: 'b' }, base },
    { os, oi, of, ob, ol, od, html, page, metrics, cm },
  ) => ({
    image: 'busybox',
    command: ['true'],
    args: [
      s, i, f, b, l, d, a.path, m.uri, ms, os.path, oi.path, of.path, ob.path, ol.path, od.path, html.path, page.uri,
      metrics.path, cm.metadata(), ds, di, df, db, dl, dd, ifPresent(base, ['--base', base.path]),
    ],
  }),
); // prettier-ignore

export const use = container<{ t: string; ms: readonly Model[] }>(() => ({ image: 'busybox' }));

export default pipeline(
  'container-types',
  { a: required<Artifact>(), m: required<Model>(), ms: required<readonly Model[]>() },
  ({ a, m, ms }) => {
    const done = many({ s: 's', i: 1, f: 0.5, b: true, l: ['a'], d: { k: 1 }, a, m, ms });
    use({ t: done.outputs.os, ms });
  },
);
