/**
 * The standard text of a core module. In: its bytes; out: the text that wabt writes for them, with the names of the name
 * section. Rejected: binaryen's text, which is not the text of the bytes but of what it would write them from.
 */
import type wabtModule from 'wabt';

type Wabt = Awaited<ReturnType<typeof wabtModule>>;
type WasmFeatures = NonNullable<Parameters<Wabt['readWasm']>[1]>;

/** What emitted modules may use. */
const features: WasmFeatures = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  multi_value: true,
  bulk_memory: true,
  reference_types: true,
  tail_call: true,
  memory64: true,
  multi_memory: true,
} as WasmFeatures;

let loading: Promise<Wabt> | undefined;

function loadWabt(): Promise<Wabt> {
  loading ??= import('wabt').then((loaded) => loaded.default());
  return loading;
}

/** The module as text. Throws what wabt says when it can't read the bytes. */
export async function toWat(bytes: Uint8Array): Promise<string> {
  const wabt = await loadWabt();
  const module = wabt.readWasm(bytes, { ...features, readDebugNames: true });
  try {
    module.generateNames();
    module.applyNames();
    return module.toText({ foldExprs: true, inlineExport: false });
  } finally {
    module.destroy();
  }
}

/** Validates the bytes; throws what wabt says when they are not valid. wabt refuses modules with several memories. */
export async function validateByWabt(bytes: Uint8Array): Promise<void> {
  const wabt = await loadWabt();
  const module = wabt.readWasm(bytes, { ...features, readDebugNames: true });
  try {
    module.validate();
  } finally {
    module.destroy();
  }
}
