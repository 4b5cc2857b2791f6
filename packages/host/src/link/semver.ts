/**
 * Versions in import names. In: a name that a component imports and the names that are on offer. Out: the one that serves.
 *
 * Two versions are compatible when they have the same major number, or, with major 0, the same minor number, or, with
 * 0.0, the same patch number. A pre-release is compatible with itself only. Of several compatible ones the newest serves:
 * the rule of wasmtime's linker.
 */

/** A version's numbers; `pre` is the pre-release text, empty without one. Build metadata does not count. */
interface Version {
  readonly numbers: readonly [major: number, minor: number, patch: number];
  readonly pre: string;
}

const full = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;
/** Explainer.md#canonical-interface-name: `1`, `0.2`, `0.0.3`. */
const canonical = /^(\d+)(?:\.(\d+)(?:\.(\d+))?)?$/;

function parseVersion(text: string): Version | null {
  const match = full.exec(text) ?? canonical.exec(text);
  if (match === null) return null;
  return { numbers: [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)], pre: match[4] ?? '' };
}

/** The canonical version: what compatible versions have in common; null for a pre-release. */
function compatibility({ numbers: [major, minor, patch], pre }: Version): string | null {
  if (pre !== '') return null;
  if (major > 0) return `${major}`;
  return minor > 0 ? `0.${minor}` : `0.0.${patch}`;
}

/** `a:b/c@1.2.3` → `a:b/c` and `1.2.3`; the version is null when the name has none. */
export function splitVersion(name: string): { readonly base: string; readonly version: string | null } {
  const at = name.indexOf('@');
  return at < 0 ? { base: name, version: null } : { base: name.slice(0, at), version: name.slice(at + 1) };
}

/**
 * Which of the `offered` names serves the import `wanted`: itself, otherwise the newest compatible version, otherwise
 * the name without version. Undefined when none does.
 */
export function findCompatible(
  wanted: string,
  offered: Iterable<string>,
  has: (name: string) => boolean,
): string | undefined {
  if (has(wanted)) return wanted;
  const { base, version } = splitVersion(wanted);
  if (version === null) return undefined;
  const parsed = parseVersion(version);
  const wantedKey = parsed === null ? null : compatibility(parsed);
  if (wantedKey !== null) {
    let best: { name: string; version: Version } | undefined;
    for (const name of offered) {
      const candidate = splitVersion(name);
      if (candidate.base !== base || candidate.version === null) continue;
      const candidateVersion = parseVersion(candidate.version);
      if (candidateVersion === null || compatibility(candidateVersion) !== wantedKey) continue;
      if (best === undefined || newer(candidateVersion, best.version)) best = { name, version: candidateVersion };
    }
    if (best !== undefined) return best.name;
  }
  return has(base) ? base : undefined;
}

function newer(a: Version, b: Version): boolean {
  for (let i = 0; i < 3; i++) {
    const difference = (a.numbers[i] as number) - (b.numbers[i] as number);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
