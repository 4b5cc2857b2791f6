/**
 * Stands for `uvu` in pages, so that test files written for Node run there. In: the tests of the files that are loaded.
 * Out: `runTests`, which runs those whose files have called `run`, and what came of each.
 *
 * Rejected: uvu itself, which prints its results for people.
 */
export interface TestResult {
  readonly name: string;
  /** Null: it passed. */
  readonly error: string | null;
  /** Why it was not run: it needs what this browser has not. */
  readonly skipped?: string;
}

/** Thrown in a test that needs what this browser has not. */
export class NotHere extends Error {
  override readonly name = 'NotHere';
}

type Body = () => unknown;
interface Test {
  readonly name: string;
  readonly body: Body;
}

/** What has been registered and asked to run, in whichever bundle. */
const state: { waiting: Test[] } = ((globalThis as { gangwayTests?: { waiting: Test[] } }).gangwayTests ??= {
  waiting: [],
});

function makeSuite(prefix: string) {
  const own: Test[] = [];
  const add = (name: string, body: Body): void => {
    own.push({ name: `${prefix}${name}`, body });
  };
  return Object.assign(add, {
    skip: (_name: string, _body: Body): void => undefined,
    run: (): void => {
      state.waiting.push(...own.splice(0));
    },
  });
}

export const test = makeSuite('');
export const suite = (name: string) => makeSuite(`${name}: `);

/** Runs what has been asked for. Pages of ours have one suite and need not ask. */
export async function runTests(): Promise<TestResult[]> {
  test.run();
  const results: TestResult[] = [];
  for (const { name, body } of state.waiting.splice(0)) {
    try {
      await body();
      results.push({ name, error: null });
    } catch (error) {
      // By name: each bundle has a class of its own.
      if (error instanceof Error && error.name === 'NotHere')
        results.push({ name, error: null, skipped: error.message });
      else results.push({ name, error: describe(error) });
    }
  }
  return results;
}

export function describe(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${String(error)}`;
  const { details } = error as { details?: unknown };
  const cause = error.cause === undefined ? '' : `\ncause: ${describe(error.cause)}`;
  return `${error.name}: ${error.message}${typeof details === 'string' ? `\n${details}` : ''}\n${error.stack ?? ''}${cause}`;
}
