// Draws what a terminal shows as an SVG: node docs/images/terminal-svg.mjs TITLE < ansi.txt > picture.svg
// Take the text with `tmux capture-pane -e -p`.
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const colours = { 31: '#e5534b', 32: '#57ab5a', 33: '#c69026', 36: '#39c5cf', 90: '#768390' };
const [charWidth, lineHeight, padding, bar] = [8.43, 20, 18, 34];
const title = process.argv[2] ?? '';
const lines = readFileSync(0, 'utf8').trimEnd().split('\n');
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Splits a line into stretches of one style. */
function stretches(line, style) {
  const parts = [];
  // oxlint-disable-next-line no-control-regex -- these are the escapes that are read
  for (const [, codes, text] of `\u001B[m${line}`.matchAll(/\u001B\[([0-9;]*)m([^\u001B]*)/g)) {
    for (const code of codes === '' ? [] : codes.split(';').map(Number)) {
      if (code === 0) Object.assign(style, { colour: undefined, bold: false, dim: false });
      else if (code === 1) style.bold = true;
      else if (code === 2) style.dim = true;
      else if (code === 22) Object.assign(style, { bold: false, dim: false });
      else if (code === 39) style.colour = undefined;
      else if (code in colours) style.colour = colours[code];
    }
    if (text !== '') parts.push({ text, ...style });
  }
  return parts;
}

const width =
  Math.ceil(Math.max(...lines.map((line) => stripVTControlCharacters(line).length)) * charWidth) +
  2 * padding;
const height = bar + lines.length * lineHeight + padding;
const style = {};
const rows = lines.map((line, row) => {
  let column = 0;
  const spans = stretches(line, style).map(({ text, colour, bold, dim }) => {
    const x = (padding + column * charWidth).toFixed(1);
    column += [...text].length;
    const fill = colour ?? (dim ? '#768390' : '#d5dde5');
    return `<tspan x="${x}" fill="${fill}"${bold ? ' font-weight="600"' : ''} xml:space="preserve">${escape(text)}</tspan>`;
  });
  return `<text y="${bar + 14 + row * lineHeight}">${spans.join('')}</text>`;
});
console.log(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">
<rect width="${width}" height="${height}" rx="9" fill="#1c2128"/>
<g fill="#444c56"><circle cx="20" cy="17" r="6"/><circle cx="40" cy="17" r="6"/><circle cx="60" cy="17" r="6"/></g>
<text x="${width / 2}" y="21" fill="#768390" font-family="ui-sans-serif, system-ui, sans-serif" font-size="13" text-anchor="middle">${escape(title)}</text>
<g font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
${rows.join('\n')}
</g>
</svg>`);
