/** Shows images being built and pushed: one living line each on a terminal, a line a step elsewhere. */
import type { BuildProgress, MadeImage } from '../../images/index.ts';
import type { Paint } from '../color.ts';
import { printable } from '../printable.ts';
import { ellipsis } from '../table.ts';
import { formatBytes, formatDuration } from '../units.ts';

export interface BuildView {
  progress(progress: BuildProgress): void;
  /** Takes an image that is done. */
  made(image: MadeImage): void;
  /** Ends the view; what is printed after it stays below. */
  close(): void;
}

/** Says how an image ended: what it is called, how large it is, and whether anything was built. */
function madeLine({ plan, kind, size, took, digest }: MadeImage, paint: Paint): string {
  const what = kind === 'built' ? paint('green', 'built') : paint('cyan', 'unchanged');
  const pushed = digest === undefined ? '' : `, pushed as ${digest}`;
  return `${paint('bold', plan.name)}  ${what} ${plan.reference}  ${paint('dim', `${formatBytes(size)}, ${formatDuration(took)}${pushed}`)}`;
}

/** Writes steps as lines, those whose layers were there already marked as cached. */
export function plainBuildView(write: (text: string) => void, paint: Paint): BuildView {
  let pending: string | undefined;
  let moving: string | undefined;
  const flush = (note = ''): void => {
    if (pending !== undefined) write(`${pending}${note}\n`);
    pending = undefined;
  };
  return {
    progress(progress) {
      const name = paint('bold', progress.image);
      switch (progress.kind) {
        case 'step':
          flush();
          pending = `${name} step ${progress.number}/${progress.of}: ${progress.instruction}`;
          break;
        case 'cached':
          flush(paint('dim', ' (cached)'));
          break;
        case 'output':
          flush();
          write(`${paint('dim', `${progress.image} |`)} ${progress.line}\n`);
          break;
        case 'transfer': {
          flush();
          // One line each way: the figures change a hundred times.
          const start = `${name} ${progress.doing}`;
          if (moving !== start) write(`${start}\n`);
          moving = start;
        }
      }
    },
    made(image) {
      flush();
      moving = undefined;
      write(`${madeLine(image, paint)}\n`);
    },
    close: () => flush(),
  };
}

/** Keeps one line for the image at work, and leaves one for each that is done. */
export async function liveBuildView(stream: NodeJS.WriteStream, paint: Paint): Promise<BuildView> {
  const { createLogUpdate } = await import('log-update');
  const draw = createLogUpdate(stream);
  const done: string[] = [];
  let now = '';
  let step = '';
  let since = Date.now();
  const redraw = (): void => {
    const time = formatDuration(Math.floor((Date.now() - since) / 1000) * 1000);
    const line = ellipsis(now, Math.max(20, stream.columns - time.length - 3));
    draw([...done, ...(now === '' ? [] : [`${line}  ${paint('dim', time)}`])].join('\n'));
  };
  // A long step that prints nothing must not look as if it hung.
  const timer = setInterval(redraw, 1000);
  const show = (image: string, text: string): void => {
    now = `${image}  ${printable(text)}`;
    redraw();
  };
  return {
    progress(progress) {
      switch (progress.kind) {
        case 'step':
          since = Date.now();
          step = `${progress.number}/${progress.of} ${progress.instruction}`;
          show(progress.image, step);
          break;
        case 'cached':
          break;
        case 'output':
          show(progress.image, `${step} | ${progress.line}`);
          break;
        case 'transfer':
          show(
            progress.image,
            `${progress.doing} ${formatBytes(progress.done)} of ${formatBytes(progress.of)}`,
          );
      }
    },
    made(image) {
      done.push(madeLine(image, paint));
      now = '';
      redraw();
    },
    close() {
      clearInterval(timer);
      now = '';
      redraw();
      draw.done();
    },
  };
}
