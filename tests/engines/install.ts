/**
 * The JavaScript engines that the smoke suites run on. In: `engines.json`, which pins a package of the registry for each. Out:
 * the path of each program, installed into `.cache/engines` on first use.
 *
 * Rejected: devDependencies. They are hundreds of megabytes that only this suite needs.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const exec = promisify(execFile);

export interface EngineInfo {
  /** `node-22`, `deno`, … */
  readonly name: string;
  readonly version: string;
  /** Absolute path of the program. */
  readonly program: string;
}

interface Pin {
  readonly package: string;
  readonly version: string;
  /** Path of the program in the package. */
  readonly program: string;
}

const pins = JSON.parse(readFileSync(new URL('engines.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Pin>
>;
const cache = fileURLToPath(new URL('../../.cache/engines', import.meta.url));

export const engineNames: readonly string[] = Object.keys(pins);

/** Installs an engine unless that has been done. */
export async function installEngine(name: string): Promise<EngineInfo> {
  const pin = pins[name];
  if (pin === undefined) throw new Error(`engines.json has no "${name}"`);
  const home = join(cache, `${name}-${pin.version}`);
  const program = join(home, 'node_modules', pin.package, pin.program);
  if (!existsSync(program)) {
    const aside = `${home}.${process.pid}`;
    mkdirSync(aside, { recursive: true });
    const manifest = { private: true, dependencies: { [pin.package]: pin.version } };
    writeFileSync(join(aside, 'package.json'), JSON.stringify(manifest));
    // The packages carry their programs: none of them needs its install step.
    await exec('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: aside });
    rmSync(home, { recursive: true, force: true });
    renameSync(aside, home);
  }
  if (!existsSync(program)) throw new Error(`${pin.package}@${pin.version} has no ${pin.program}`);
  return { name, version: pin.version, program };
}
