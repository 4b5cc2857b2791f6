/**
 * Writes the bytes of the strings module (adapter-codegen/src/strings.ts) into the host, which has no code generator where
 * it needs them. With `--check` it writes nothing and fails when they are stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { emitStrings } from '../packages/adapter-codegen/src/strings.ts';

const file = new URL('../packages/host/src/abi/strings-module.ts', import.meta.url);
const bytes = withoutNames(await emitStrings('direct'));
const source = `/** The bytes of the strings module in base64; written by scripts/strings-module.ts, see adapter-codegen/src/strings.ts. */
export const STRINGS_MODULE =
  '${Buffer.from(bytes).toString('base64')}';
`;
if (!process.argv.includes('--check')) writeFileSync(file, source);
else if (readFileSync(file, 'utf8') !== source) {
  console.error('packages/host/src/abi/strings-module.ts is stale: run node scripts/strings-module.ts');
  process.exitCode = 1;
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
