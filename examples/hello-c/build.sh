#!/bin/sh
# Builds hello.wasm, a WASI 0.2 command component, from hello.c.
#
# Needs clang, lld and wasi-libc; on Debian or Ubuntu:
#   apt-get install -y clang lld wasi-libc libclang-rt-dev-wasm32
# The rest (jco, with its adapter from WASI preview 1) comes with `npx -y pnpm@12 install`.
set -eu
cd "$(dirname "$0")"
core=$(mktemp -d)
trap 'rm -rf "$core"' EXIT

# Debug sections would be three quarters of the file; the names of functions stay.
clang --target=wasm32-wasi -O2 -Wall -Wextra -Wl,--strip-debug -o "$core/hello.core.wasm" hello.c
npx -y pnpm@12 --silent --filter @gangway/tests exec jco new "$core/hello.core.wasm" --wasi-command --name hello -o "$core/hello.wasm"
mv "$core/hello.wasm" hello.wasm
ls -l hello.wasm
