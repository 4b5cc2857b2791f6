/** The fresh process for the scalars component: bundled by itself, as a program that has nothing else. */
import { run } from './child.ts';
import { scalars } from './scalars.ts';

await run(scalars);
