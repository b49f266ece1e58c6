import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Colours of series, in order: told apart on light and dark paper, and by colour-blind readers. */
export const seriesColors: readonly string[] = [
  '#3b82c4',
  '#e0762f',
  '#2f9e77',
  '#c2529b',
  '#9a7fd1',
  '#b8860b',
  '#4aa3b5',
  '#d1495b',
  '#6b8e23',
  '#8c6d5a',
  '#5f7ae0',
];

/**
 * Draws a plot as SVG text, without a browser: equal options give equal bytes. Text and axes take the colour of the
 * page around them, so that one drawing serves light and dark. Size in pixels is `width` (default 680) by `height`;
 * it shrinks with the page.
 *
 * Leave `color.legend` off (it makes HTML, not SVG): `legend()` in page.ts draws one.
 * @throws Error where the options give no single SVG element
 */
export function renderSvg(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const { color, style, ...others } = options;
  const drawn: unknown = Plot.plot({
    width: 680,
    marginBottom: 42,
    ...others,
    color: { range: [...seriesColors], ...color, legend: false },
    style: { background: 'transparent', fontFamily: 'inherit', fontSize: '12px', ...textStyles(style) },
    document,
  });
  if (!isSvgElement(drawn))
    throw new Error('the plot is not one SVG element: remove title, subtitle, caption');
  drawn.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return drawn.outerHTML;
}

interface SvgElement {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
}

function isSvgElement(drawn: unknown): drawn is SvgElement {
  return (
    typeof drawn === 'object' &&
    drawn !== null &&
    'tagName' in drawn &&
    String(drawn.tagName).toLowerCase() === 'svg'
  );
}

function textStyles(style: Plot.PlotOptions['style']): object {
  return typeof style === 'object' && style !== null ? style : {};
}
