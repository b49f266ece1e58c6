/** Writes text so that HTML shows it as it is, inside elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** One column of a table: its heading, and how its cells stand. */
export interface Column {
  readonly heading: string;
  /** @default 'text' */
  readonly kind?: 'text' | 'number';
}

/** Writes a table of plain texts; every cell is escaped. A last row of totals may be set apart. */
export function htmlTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  totals?: readonly string[],
): string {
  const cell = (tag: 'td' | 'th', text: string, index: number): string => {
    const side = columns[index]?.kind === 'number' ? ' class="number"' : '';
    return `<${tag}${side}>${escapeHtml(text)}</${tag}>`;
  };
  const line = (tag: 'td' | 'th', cells: readonly string[]): string =>
    `<tr>${cells.map((text, index) => cell(tag, text, index)).join('')}</tr>`;
  const head = line(
    'th',
    columns.map((column) => column.heading),
  );
  const foot = totals === undefined ? '' : `<tfoot>${line('td', totals)}</tfoot>`;
  return (
    `<div class="table"><table><thead>${head}</thead>` +
    `<tbody>${rows.map((row) => line('td', row)).join('\n')}</tbody>${foot}</table></div>`
  );
}

/** Writes a row of labelled figures, the first thing a reader sees. */
export function htmlFigures(figures: readonly { readonly label: string; readonly value: string }[]): string {
  const items = figures.map(
    ({ label, value }) => `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  return `<dl class="figures">${items.join('')}</dl>`;
}

/** Writes the legend of a plot: a coloured mark and a name for each series. */
export function legend(
  entries: readonly { readonly label: string; readonly color: string; readonly dashed?: boolean }[],
): string {
  const items = entries.map(({ label, color, dashed }) => {
    const line = dashed === true ? 'dashed' : 'solid';
    return `<span><i style="border-top-color:${escapeHtml(color)};border-top-style:${line}"></i>${escapeHtml(label)}</span>`;
  });
  return `<p class="legend">${items.join(' ')}</p>`;
}

/** Writes a picture of a contact sheet, with the bytes inside the page. `image` is a JPEG, PNG or WebP file. */
export function htmlPicture(picture: {
  readonly image: Uint8Array;
  readonly mediaType: 'image/jpeg' | 'image/png' | 'image/webp';
  readonly caption: string;
  readonly alt: string;
}): string {
  const data = Buffer.from(picture.image).toString('base64');
  return (
    `<figure><img src="data:${picture.mediaType};base64,${data}" alt="${escapeHtml(picture.alt)}">` +
    `<figcaption>${escapeHtml(picture.caption)}</figcaption></figure>`
  );
}
