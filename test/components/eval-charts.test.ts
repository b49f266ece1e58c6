import * as Plot from '@observablehq/plot';
import { describe, expect, it } from 'vitest';
import { htmlFigures, htmlPicture, htmlTable, legend } from '../../components/charts/html.ts';
import { htmlPage } from '../../components/charts/page.ts';
import { renderSvg } from '../../components/charts/svg.ts';

const losses = {
  marks: [
    Plot.lineY(
      [
        { epoch: 1, loss: 0.9 },
        { epoch: 2, loss: 0.4 },
      ],
      { x: 'epoch', y: 'loss' },
    ),
  ],
};

describe('a chart', () => {
  it('is one SVG element with its namespace, and the same bytes each time', () => {
    const svg = renderSvg(losses);
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg.endsWith('</svg>')).toBe(true);
    expect(renderSvg(losses)).toBe(svg);
  });

  it('takes the colour of the text around it, for light and dark pages', () => {
    const svg = renderSvg(losses);
    expect(svg).toContain('currentColor');
    expect(svg).toContain('background:transparent');
  });

  it('escapes the texts of the data', () => {
    const svg = renderSvg({
      marks: [Plot.text([{ x: 1, y: 1 }], { x: 'x', y: 'y', text: () => '<script>' })],
    });
    expect(svg).not.toContain('<script>');
    expect(svg).toContain('&lt;script');
  });

  it('refuses options that make more than one SVG element', () => {
    expect(() => renderSvg({ ...losses, title: 'Loss' })).toThrow('not one SVG element');
  });
});

describe('a page', () => {
  const page = htmlPage({
    title: 'Dew & <frost>',
    sections: [
      { heading: 'A "heading"', html: htmlTable([{ heading: 'n', kind: 'number' }], [['<b>1</b>']], ['2']) },
      { heading: 'Loss', html: renderSvg(losses) + legend([{ label: '<train>', color: '#123456' }]) },
      { heading: 'Figures', html: htmlFigures([{ label: 'F1', value: '0.9' }]) },
      {
        heading: 'Sheet',
        html: htmlPicture({
          image: new Uint8Array([1, 2]),
          mediaType: 'image/png',
          caption: '"<c>"',
          alt: '"a"',
        }),
      },
    ],
  });

  it('escapes its title, headings, cells, captions and legends', () => {
    expect(page).toContain('<title>Dew &amp; &lt;frost&gt;</title>');
    expect(page).toContain('<h2>A &quot;heading&quot;</h2>');
    expect(page).toContain('&lt;b&gt;1&lt;/b&gt;');
    expect(page).toContain('alt="&quot;a&quot;"');
    expect(page).toContain('&lt;train&gt;');
  });

  it('asks nothing of the network', () => {
    expect(page).toContain(`default-src 'none'`);
    const references = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, reference]) => reference ?? '');
    expect(references).toHaveLength(1);
    expect(references.every((reference) => reference.startsWith('data:'))).toBe(true);
    expect(page).not.toMatch(/url\(|@import|<script|<link/);
  });
});
