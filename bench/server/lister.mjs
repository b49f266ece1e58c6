// Lists pages, in a thread of its own: what those who make runs wait for in theirs is not the server's time.
import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

const { url, listers } = workerData;
const made = new AbortController();
parentPort.once('message', () => made.abort());
const listing = [];
const lister = async () => {
  let token = '';
  while (!made.signal.aborted || listing.length < 500) {
    const query = `page_size=20&sort_by=created_at%20desc${token && `&page_token=${token}`}`;
    const from = performance.now();
    const answer = await fetch(`${url}/apis/v2beta1/runs?${query}`);
    const body = await answer.json();
    if (answer.status !== 200) throw new Error(JSON.stringify(body));
    listing.push({ milliseconds: performance.now() - from, creates: !made.signal.aborted });
    token = body.next_page_token ?? '';
    await wait(20);
  }
};
await Promise.all(Array.from({ length: listers }, lister));
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is a thread, not a window
parentPort.postMessage(listing);
