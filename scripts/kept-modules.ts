/**
 * Writes the bytes of modules that depend on no component (the strings module and SHA-256: adapter-codegen/src/strings.ts,
 * sha256.ts) into the host, which has no code generator where it needs them. With `--check` it writes nothing and fails when they
 * are stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { emitSha256 } from '../packages/adapter-codegen/src/sha256.ts';
import { emitStrings } from '../packages/adapter-codegen/src/strings.ts';

keep('abi/strings-module.ts', 'STRINGS_MODULE', 'the strings module', 'strings.ts', await emitStrings('direct'));
keep('cache/sha256-module.ts', 'SHA256_MODULE', 'the SHA-256 module', 'sha256.ts', await emitSha256('direct'));

function keep(path: string, constant: string, what: string, from: string, module: Uint8Array): void {
  const file = new URL(`../packages/host/src/${path}`, import.meta.url);
  const source = `/** The bytes of ${what} in base64; written by scripts/kept-modules.ts, see adapter-codegen/src/${from}. */
export const ${constant} =
  '${Buffer.from(withoutNames(module)).toString('base64')}';
`;
  if (!process.argv.includes('--check')) writeFileSync(file, source);
  else if (readFileSync(file, 'utf8') !== source) {
    console.error(`packages/host/src/${path} is stale: run node scripts/kept-modules.ts`);
    process.exitCode = 1;
  }
}

/** The module up to its name section, which is the last one: a fifth of the bytes. */
function withoutNames(module: Uint8Array): Uint8Array {
  for (let at = 8; at < module.length; ) {
    if (module[at] === 0) return module.subarray(0, at);
    let size = 0;
    let shift = 0;
    do {
      at++;
      size |= (module[at]! & 0x7f) << shift;
      shift += 7;
    } while (module[at]! >= 0x80);
    at += 1 + size;
  }
  return module;
}
