/** Which parameter of a function may be read without a copy. In: the function's ABI. Out: whether code can run after it. */
import type { AbiPlan, FuncAbi } from '@gangway/component/abi';

/** Types whose reading runs no code of the embedder. */
const inert = new Set<AbiPlan['kind']>([
  'bool',
  's8',
  'u8',
  's16',
  'u16',
  's32',
  'u32',
  's64',
  'u64',
  'f32',
  'f64',
  'char',
  'string',
  'enum',
]);

/** Whether nothing after parameter `index` runs code of the embedder while it is read. */
export function isLastRead(abi: FuncAbi, index: number): boolean {
  return abi.params.slice(index + 1).every((param) => inert.has(param.type.kind));
}
