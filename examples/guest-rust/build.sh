#!/bin/sh
# Builds words.wasm from words.rs and world.wit.
#
# Needs rustc with its target wasm32-unknown-unknown; on Debian or Ubuntu:
#   apt-get install -y rustc lld libstd-rust-dev-wasm32
# The rest (jco, which makes a component of the core module) comes with `npx -y pnpm@12 install`.
set -eu
cd "$(dirname "$0")"
core=$(mktemp -d)
trap 'rm -rf "$core"' EXIT

# The names of functions stay, for the places that traps name.
rustc --edition 2021 -C opt-level=s -C lto=fat -C panic=abort -C strip=debuginfo --target wasm32-unknown-unknown words.rs -o "$core/words.core.wasm"
node --input-type=module - "$core/words.core.wasm" <<'END'
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
const { componentEmbed, componentNew } = await import(createRequire(`${process.cwd()}/../../tests/package.json`).resolve('@bytecodealliance/jco'));
// As text: the library looks for files by relative path only.
const embedded = await componentEmbed({
  binary: await readFile(process.argv[2]),
  witSource: await readFile('world.wit', 'utf8'),
  world: 'words',
});
await writeFile('words.wasm', await componentNew(embedded, []));
END
ls -l words.wasm
