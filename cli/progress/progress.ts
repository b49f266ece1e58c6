/** Shows a run while it goes on: live on a terminal, plain lines elsewhere, nothing where nobody asked. */
import type { LogLine, RunEvent } from '../../engine/events.ts';
import type { RunState } from '../../engine/run-state.ts';

export interface Progress {
  event(event: RunEvent): void;
  /** Takes an event of an earlier driver, of a run that is taken up. */
  history?(event: RunEvent): void;
  log(line: LogLine): void;
  /** Ends the view; the last state stays on the screen. */
  close(state: RunState | undefined): void;
}
