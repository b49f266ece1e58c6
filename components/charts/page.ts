import { escapeHtml } from './html.ts';

export interface Page {
  readonly title: string;
  /** One sentence under the title. */
  readonly lead?: string;
  readonly sections: readonly PageSection[];
}

export interface PageSection {
  readonly heading: string;
  /** Finished HTML: what comes from outside must have gone through `escapeHtml`. */
  readonly html: string;
}

/**
 * Writes a whole HTML page that needs nothing besides itself: its policy forbids scripts and every request. It
 * follows the reader's light or dark setting and prints on white. Title, lead and headings are escaped here.
 */
export function htmlPage({ title, lead, sections }: Page): string {
  const body = sections.map(
    ({ heading, html }) => `<section>\n<h2>${escapeHtml(heading)}</h2>\n${html}\n</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<h1>${escapeHtml(title)}</h1>
${lead === undefined ? '' : `<p class="lead">${escapeHtml(lead)}</p>`}
</header>
${body.join('\n')}
</main>
</body>
</html>
`;
}

const style = `
:root { --paper: #fff; --ink: #1d2329; --soft: #5f6b76; --line: #dfe4e8; --band: #f5f7f9; --good: #2f9e77; --bad: #d1495b; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181c; --ink: #e4e8eb; --soft: #98a4ae; --line: #2c343b; --band: #1b2126; --good: #4fc39a; --bad: #ef7a89; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; letter-spacing: -.01em; }
h2 { font-size: 1.1rem; margin: 2.4rem 0 .7rem; padding-top: 1.1rem; border-top: 1px solid var(--line); }
h3 { font-size: .95rem; margin: 1.2rem 0 .4rem; }
p { margin: .4rem 0 .8rem; max-width: 46rem; }
.lead, .note, figcaption { color: var(--soft); }
.figures { display: flex; flex-wrap: wrap; gap: .7rem; margin: .4rem 0 1rem; }
.figures div { flex: 1 1 7.5rem; padding: .7rem .9rem; background: var(--band); border: 1px solid var(--line); border-radius: .5rem; }
.figures dt { color: var(--soft); font-size: .8rem; }
.figures dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .8rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--soft); font-weight: 600; font-size: .82rem; }
td.number, th.number { text-align: right; }
tfoot td { font-weight: 600; border-bottom: 0; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; font-size: .85rem; color: var(--soft); max-width: none; }
.legend i { display: inline-block; width: 1.4rem; margin-right: .4rem; vertical-align: middle; border-top: 3px solid; }
.sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: .9rem; }
figure { margin: 0; break-inside: avoid; }
figure img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: .4rem; background: var(--band); }
figcaption { font-size: .78rem; line-height: 1.35; margin-top: .3rem; overflow-wrap: anywhere; }
svg { display: block; max-width: 100%; height: auto; overflow: visible; }
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --band: #fff; }
  main { max-width: none; padding: 0; }
  section { break-inside: avoid-page; }
}
`;
