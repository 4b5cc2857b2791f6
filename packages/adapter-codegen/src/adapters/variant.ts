/**
 * Variants, enums, options and results. In: a discriminant and the payload of its case. Out: the same on the other
 * side. Cases whose payloads have the same type share code; cases without payload have none.
 */
import type { AbiPlan, AbiVariant } from '@gangway/component/abi';
import type { Expr, FunctionBuilder, Label } from '../builder.ts';
import { trapIf } from './checks.ts';
import type { Crossing, PlanPair } from './side.ts';
import { cross } from './translate.ts';
import { readCore, type Source, sourcePart, type Target, targetPart, writeCore } from './values.ts';

/** With more kinds of payload than this, the case is found by a jump table. */
const COMPARED_PAYLOADS = 2;

interface Payload extends PlanPair {
  /** The cases that have this payload. */
  readonly cases: number[];
}

/** `load_variant`, `lift_flat_variant`, `store_variant`, `lower_flat_variant` */
export function crossVariant(
  f: FunctionBuilder,
  cx: Crossing,
  from: AbiVariant,
  to: AbiVariant,
  source: Source,
  target: Target,
): readonly Expr[] {
  const { i32 } = f;
  const [load, store] =
    from.discriminantSize === 1
      ? [i32.load8_u, i32.store8]
      : from.discriminantSize === 2
        ? [i32.load16_u, i32.store16]
        : [i32.load, i32.store];
  const discriminant = f.local('discriminant', 'i32');
  const count = from.cases.length;
  return [
    f.set(discriminant, readCore(f, source, 0, 'i32', load)),
    trapIf(f, cx, cx.from, i32.ge_u(f.get(discriminant), i32.const(count)), 'invalid-discriminant'),
    writeCore(f, target, 0, 'i32', f.get(discriminant), store),
    ...crossPayload(
      f,
      payloadsOf(from, to),
      count,
      () => f.get(discriminant),
      (payload) =>
        cross(
          f,
          cx,
          payload,
          sourcePart(source, 1, payload.from.flat.length, from.payloadOffset),
          targetPart(target, 1, payload.to.flat.length, to.payloadOffset),
        ),
    ),
  ];
}

function payloadsOf(from: AbiVariant, to: AbiVariant): readonly Payload[] {
  const payloads = new Map<AbiPlan, Payload>();
  from.cases.forEach(({ type }, i) => {
    const other = to.cases[i]?.type;
    if (type === null || other === null || other === undefined) return;
    const known = payloads.get(type);
    if (known === undefined) payloads.set(type, { from: type, to: other, cases: [i] });
    else known.cases.push(i);
  });
  return [...payloads.values()];
}

function crossPayload(
  f: FunctionBuilder,
  payloads: readonly Payload[],
  count: number,
  discriminant: () => Expr,
  body: (payload: Payload) => readonly Expr[],
): readonly Expr[] {
  const { i32 } = f;
  const [only] = payloads;
  if (only === undefined) return [];
  if (payloads.length === 1 && only.cases.length === count) return body(only);
  if (payloads.length <= COMPARED_PAYLOADS && payloads.every(({ cases }) => cases.length === 1)) {
    return payloads.map((payload) => f.if(i32.eq(discriminant(), i32.const(payload.cases[0] ?? 0)), body(payload)));
  }
  return [
    f.block('end', (end) => {
      const labels: Label[] = new Array<Label>(count).fill(end);
      const nest = (i: number): readonly Expr[] => {
        const payload = payloads[i];
        if (payload === undefined) return [f.br_table(labels, end, discriminant())];
        const inner = f.block(`case_${payload.cases[0]}`, (label) => {
          for (const index of payload.cases) labels[index] = label;
          return nest(i + 1);
        });
        return [inner, ...body(payload), f.br(end)];
      };
      return nest(0);
    }),
  ];
}
