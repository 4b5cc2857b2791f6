/** The fresh process for the program with WASI: bundled by itself, as a program that has nothing else. */
import { run } from './child.ts';
import { hello } from './hello.ts';

await run(hello);
