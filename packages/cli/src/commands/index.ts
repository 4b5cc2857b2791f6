/** The table of commands, in the order in which the help lists them. */
import type { Command } from '../command.ts';
import { compileFile } from './compile.ts';
import { inspect } from './inspect.ts';
import { runFile } from './run.ts';
import { serveFile } from './serve.ts';
import { types } from './types.ts';
import { validateFiles } from './validate.ts';
import { wast } from './wast.ts';

export const commands: readonly Command[] = [runFile, serveFile, compileFile, inspect, types, validateFiles, wast];
