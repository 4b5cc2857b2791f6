/**
 * Which sources a build was made of: what of them decides what is stored of a component, and what then runs it. In: nothing.
 * Out: a digest, for the key of code caches: builds of one version number do not take what another one has stored.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folders = ['offsets', 'vmctx', 'component', 'adapter-codegen', 'host'];

/** 16 hexadecimal digits. */
export function sourceDigest(): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const root = fileURLToPath(new URL(`../packages/${folder}/src/`, import.meta.url));
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    for (const path of files.map((file) => file.replaceAll('\\', '/')).sort()) {
      hash
        .update(`${folder}/${path}\0`)
        .update(readFileSync(`${root}/${path}`))
        .update('\0');
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** For esbuild: what `BUILD` in host/src/compile/version.ts becomes. */
export const builtFrom = { GANGWAY_BUILD: JSON.stringify(sourceDigest()) };
