/** What `import()` loads; see compile/compile.ts. */
export { assemble, build, loadRules, validated } from '../compile/build.ts';
