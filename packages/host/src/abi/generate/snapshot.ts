/**
 * Where generated code keeps a value between the read phase and the write phase: a tree of names of local variables, in
 * the shape of the type. The cases of a variant share their variables, as they share their flat positions.
 */
import type { AbiPlan, AbiRecord, AbiVariant } from '@gangway/component/abi';

export type Snapshot =
  /** One variable: a scalar, string, flags, enum, handle; a typed array; the elements of a list. */
  | {
      readonly kind: 'leaf';
      readonly plan: Exclude<AbiPlan, AbiRecord>;
      readonly name: string;
    }
  | { readonly kind: 'record'; readonly plan: AbiRecord; readonly fields: readonly Snapshot[] }
  | {
      readonly kind: 'variant';
      readonly plan: AbiVariant;
      /** Variable of the case index. */
      readonly index: string;
      readonly payloads: readonly (Snapshot | null)[];
    }
  /** A variant of scalars (see {@link isFlat}), as core values: each case converts its payload as it is read. */
  | {
      readonly kind: 'flat';
      readonly plan: AbiVariant;
      readonly index: string;
      /** The variable of the payload; absent where no case has one. */
      readonly value: string | undefined;
    };

/** Whether all payloads of a variant are one core value each, and nothing needs to be allocated for them. */
export function isFlat(plan: AbiPlan): plan is AbiVariant {
  switch (plan.kind) {
    case 'variant':
    case 'option':
    case 'result':
      return plan.cases.every(({ type }) => type === null || isScalar(type));
    default:
      return false;
  }
}

function isScalar({ kind, flat, pointers, handles }: AbiPlan): boolean {
  return flat.length === 1 && !pointers && !handles && kind !== 'list' && !isCompound.has(kind);
}

const isCompound = new Set<AbiPlan['kind']>(['record', 'tuple', 'variant', 'option', 'result']);

/** Hands out variables `s0`, `s1`, …. */
export class Variables {
  readonly #prefix: string;
  /** Of those that have a value from the start. */
  readonly #values = new Map<string, string>();
  #next = 0;
  #count = 0;
  constructor(prefix: string) {
    this.#prefix = prefix;
  }
  #take(): string {
    const name = `${this.#prefix}${this.#next++}`;
    this.#count = Math.max(this.#count, this.#next);
    return name;
  }
  /** All names handed out so far. */
  get names(): string[] {
    return Array.from({ length: this.#count }, (_, i) => `${this.#prefix}${i}`);
  }

  /** What declares them, behind `let`. */
  get declarations(): string {
    return this.names.map((name) => (this.#values.has(name) ? `${name} = ${this.#values.get(name)}` : name)).join(', ');
  }

  /** For a variant that {@link isFlat}. */
  allocateFlat(plan: AbiVariant): Snapshot {
    const index = this.#take();
    const type = plan.flat[1];
    const value = type === undefined ? undefined : this.#take();
    if (value !== undefined) this.#values.set(value, type === 'i64' ? '0n' : '0');
    return { kind: 'flat', plan, index, value };
  }

  allocate(plan: AbiPlan): Snapshot {
    switch (plan.kind) {
      case 'record':
      case 'tuple':
        return { kind: 'record', plan, fields: plan.fields.map((field) => this.allocate(field.type)) };
      case 'variant':
      case 'option':
      case 'result': {
        const index = this.#take();
        const start = this.#next;
        let end = start;
        const payloads = plan.cases.map((item) => {
          this.#next = start;
          const payload = item.type === null ? null : this.allocate(item.type);
          end = Math.max(end, this.#next);
          return payload;
        });
        this.#next = end;
        return { kind: 'variant', plan, index, payloads };
      }
      default:
        return { kind: 'leaf', plan, name: this.#take() };
    }
  }
}
