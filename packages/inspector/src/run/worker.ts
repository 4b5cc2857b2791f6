/**
 * The worker in which components run, so that a program that never ends leaves the page alone: the page ends the worker.
 * In: requests, one at a time. Out: reports; a call's output and the bytes that it changes go out while it runs.
 *
 * Messages leave a worker while its thread is busy, so nothing has to wait for the end of a call.
 */

import { openComponent } from './open-component.ts';
import type { OutputKind, Progress, Report, Request, RunSettings } from './protocol.ts';
import { Session } from './session.ts';
import { sleep } from './sleep.ts';

/** Milliseconds between two reports of a running call. */
const REPORT = 100;
/** Characters that one report carries. */
const MAX_PRINTED = 10_000;
/** Calls out after which the bytes are looked at no longer every time. */
const CLOSE_LOOK = 500;
/** Milliseconds between two looks then. */
const LOOK = 5;

const post = (report: Report): void => self.postMessage(report);

let session: Session | null = null;
let pause = 0;
let calls = 0;
let last = '';
let pieces: [OutputKind, string][] = [];
/** Characters among the pieces, and those that found no room there. */
let printed = 0;
let leftOut = 0;
let reported = 0;
let looked = 0;

function progress(): Progress {
  return { blocks: session?.watch?.blocks ?? [], calls, last };
}

function flush(): void {
  reported = performance.now();
  if (leftOut > 0) pieces.push(['note', `\n[${leftOut.toLocaleString('en')} characters left out]\n`]);
  if (pieces.length > 0) post({ kind: 'output', pieces });
  pieces = [];
  [printed, leftOut] = [0, 0];
}

/** A program may print more than a page can show. */
function print(kind: OutputKind, text: string): void {
  const kept = text.slice(0, Math.max(0, MAX_PRINTED - printed));
  printed += kept.length;
  leftOut += text.length - kept.length;
  if (kept === '') return;
  const before = pieces.at(-1);
  if (before?.[0] === kind) before[1] += kept;
  else pieces.push([kind, kept]);
}

function calledOut(name: string): void {
  calls += 1;
  last = name;
  const now = performance.now();
  if (calls <= CLOSE_LOOK || pause > 0 || now - looked > LOOK) {
    looked = now;
    session?.watch?.observe();
  }
  if (pause > 0 || now - reported > REPORT) waiting();
  if (pause > 0) sleep(pause);
}

/** Everything that there is to say, before nothing can be said for a while. */
function waiting(): void {
  flush();
  post({ kind: 'progress', progress: progress() });
}

async function answer(request: Request): Promise<Report> {
  if (request.kind === 'open') {
    session = new Session(await openComponent(request.bytes, request.parts), { print, calledOut, waiting });
    return { kind: 'opened' };
  }
  if (session === null) throw new Error('nothing is open');
  const begin = (settings: RunSettings): void => {
    pause = settings.pause;
    [calls, last] = [0, ''];
    reported = performance.now();
  };
  begin(request.settings);
  if (request.kind === 'renew') {
    await session.renew(request.settings);
    return { kind: 'renewed', blocks: session.watch?.blocks ?? [], links: session.links };
  }
  const { watch } = session;
  if (request.fresh) await session.renew(request.settings);
  begin(request.settings);
  const outcome = await session.call(request.path, request.args, request.settings);
  return {
    kind: 'done',
    outcome,
    progress: progress(),
    files: session.files,
    renewed: session.watch === watch ? null : session.links,
  };
}

self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
  answer(data)
    .catch((error: unknown): Report => {
      const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return { kind: 'refused', message };
    })
    .then((report) => {
      flush();
      post(report);
    });
});
