/** What a value in a slot means. In: a slot of some block, and its value. Out: words; empty where the number says it all. */
import {
  FLAG_ENTERED,
  FLAG_MAY_LEAVE,
  HANDLE_BORROW,
  HANDLE_FREE,
  HANDLE_KIND_BITS,
  HANDLE_KIND_MASK,
  HANDLE_OWN,
} from '@gangway/offsets';

const yes = (value: boolean): string => (value ? 'yes' : 'no');
const address = (value: number): string => `address 0x${value.toString(16)}`;
const one = (what: string) => (value: number) => (value === 0 ? 'none' : `${what} ${value - 1}`);
const func = (value: number): string => (value === 0 ? 'none' : `function ${value} of the store’s table`);

/** By field and part. */
const meanings: Readonly<Record<string, (value: number) => string>> = {
  'magic.magic': (value) => (value === 0x706d_6f63 ? '“comp”: this is a vmctx' : 'not a vmctx any more'),
  'builtins.builtins': one('host object'),
  'vm_store_context.vm_store_context': address,
  'flags.bits': (value) =>
    `may leave: ${yes((value & FLAG_MAY_LEAVE) !== 0)}; entered: ${yes((value & FLAG_ENTERED) !== 0)}`,
  'flags.handles': (value) => (value === 0 ? 'no handle table yet' : address(value)),
  'flags.capacity': (value) => `room for ${value} slots; slot 0 is never used`,
  'flags.free': (value) =>
    value === 0 ? 'no free slot: the table grows next time' : `the next handle will be ${value}`,
  'task_may_block.value': (value) => yes(value !== 0),
  'trampoline_func_refs.array_call': func,
  'trampoline_func_refs.wasm_call': func,
  'trampoline_func_refs.type_index': (value) => `core type ${value}`,
  'trampoline_func_refs.vmctx': address,
  'lowerings.callee': func,
  'lowerings.data': (value) => `host object ${value}`,
  'memories.memory': one('host object'),
  'tables.from': one('host object'),
  'reallocs.func': func,
  'callbacks.func': func,
  'post_returns.func': func,
  'resource_destructors.func': func,
  'trap_code.trap_code': (value) => (value === 0 ? 'no trap' : `trap number ${value}`),
  'trap_vmctx.trap_vmctx': address,
  'spill_pointer.spill_pointer': address,
  'spill_limit.spill_limit': address,
  'locked.locked': (value) => (value === 0 ? 'open' : 'locked: after a trap nothing may be entered'),
  'frame.frame': (value) => (value === 0 ? 'no call between components is under way' : address(value)),
  'link.link': (value) => (value === 0 ? 'the outermost call' : address(value)),
  'caller_vmctx.caller_vmctx': (value) => (value === 0 ? 'the host' : address(value)),
  'callee_vmctx.callee_vmctx': address,
  'lenders.lenders': (value) => (value === 0 ? 'nothing is lent' : address(value)),
  'type.type': (value) => {
    const kind = value & HANDLE_KIND_MASK;
    const resource = value >>> HANDLE_KIND_BITS;
    if (kind === HANDLE_FREE) return 'free';
    if (kind === HANDLE_OWN) return `own handle of resource type ${resource}`;
    return kind === HANDLE_BORROW ? `borrow handle of resource type ${resource}` : `kind ${kind}`;
  },
  'lends.lends': (value) => (value === 0 ? 'not lent' : `lent ${value} times`),
};

export function valueInWords(field: string, part: string, value: number): string {
  const key = `${field}.${part}`;
  return Object.hasOwn(meanings, key) ? meanings[key]!(value) : '';
}
