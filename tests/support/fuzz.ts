/**
 * What becomes of mutants: each must be taken or refused with an error of our own that has an offset in the bytes, soon, and
 * without memory that stays. In: a corpus, a seed, a count. Out: counts; throws at the first mutant that breaks the rule.
 */
import { allFeatures, BinaryError, decode, translate, validate } from '@gangway/component';
import { mutant, Random } from './mutate.ts';

/** Milliseconds of processor time that one mutant may take. */
const LIMIT = 2_000;

export interface FuzzCounts {
  readonly refused: number;
  readonly valid: number;
  /** The slowest mutant, in milliseconds of processor time. */
  readonly slowest: number;
}

/** The error that refuses the bytes; null when they are valid (and were translated or found unsupported). */
export function verdict(bytes: Uint8Array<ArrayBuffer>): BinaryError | null {
  const options = { features: allFeatures };
  try {
    const ast = decode(bytes, options);
    validate(bytes, ast, options);
    translate(bytes, ast);
    return null;
  } catch (error) {
    if (error instanceof BinaryError) return error;
    throw error;
  }
}

export function fuzz(
  corpus: readonly Uint8Array[],
  seed: number,
  count: number,
  progress: (done: number) => void = () => {},
): FuzzCounts {
  const random = new Random(seed);
  let refused = 0;
  let slowest = 0;
  for (let i = 0; i < count; i++) {
    const bytes = mutant(corpus, random);
    const before = process.cpuUsage();
    let error: BinaryError | null;
    try {
      error = verdict(bytes);
    } catch (cause) {
      throw new Error(`mutant ${i} of seed ${seed} (${hex(bytes)}): ${String(cause)}`, { cause });
    }
    const { user, system } = process.cpuUsage(before);
    const took = (user + system) / 1000;
    slowest = Math.max(slowest, took);
    if (took > LIMIT) throw new Error(`mutant ${i} of seed ${seed} took ${took} ms: ${hex(bytes)}`);
    if (error !== null) {
      refused++;
      if (!(error.offset >= 0 && error.offset <= bytes.length)) {
        throw new Error(`mutant ${i} of seed ${seed}: offset ${error.offset} of ${bytes.length}: ${error.message}`);
      }
    }
    if (i % 10_000 === 0) progress(i);
  }
  return { refused, valid: count - refused, slowest };
}

const hex = (bytes: Uint8Array): string =>
  bytes.length > 4096 ? `${bytes.length} bytes` : [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
