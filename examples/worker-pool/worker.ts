/** A worker of the pool: it is given the compiled component once, and then a file at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { Component, type StoredComponent } from '@gangway/host/runtime';
import { runCommand } from '@gangway/wasi';

export interface Job {
  /** The directory that the program may use, and a file in it. */
  readonly directory: string;
  readonly file: string;
}
export interface Answer {
  readonly exitCode: number;
  readonly output: string;
}

const component = Component.from(workerData as StoredComponent);

parentPort?.on('message', async ({ directory, file }: Job) => {
  let output = '';
  // A new instance for each job: nothing is left of the one before.
  const { exitCode } = await runCommand(component, {
    args: ['hello', `/data/${file}`],
    preopens: [{ host: directory, guest: '/data' }],
    stdout: (bytes) => void (output += new TextDecoder().decode(bytes)),
  });
  parentPort?.postMessage({ exitCode, output } satisfies Answer);
});
