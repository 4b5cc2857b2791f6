/** The table of phases that `gangway inspect` shows, and the formats of each. The first phase and format are the defaults. */

export const formats = ['text', 'json', 'wat', 'svg'] as const;
export type Format = (typeof formats)[number];

export const phaseNames = ['types', 'sections', 'plan', 'layout', 'trampolines', 'adapters'] as const;
export type PhaseName = (typeof phaseNames)[number];

export interface Phase {
  readonly text: string;
  readonly formats: readonly [Format, ...Format[]];
}

export const phases: Readonly<Record<PhaseName, Phase>> = {
  types: { text: 'what it imports and exports', formats: ['text', 'json'] },
  sections: { text: 'the definitions of the binary, with byte offsets', formats: ['text', 'json'] },
  plan: {
    text: 'what is left after linking statically: slots, trampolines, adapters, initializers',
    formats: ['text', 'json'],
  },
  layout: { text: 'where everything lies in its vmctx', formats: ['text', 'json', 'svg'] },
  trampolines: { text: 'the core modules emitted between it and the host', formats: ['wat', 'text', 'json'] },
  adapters: { text: 'the core modules emitted between the components inside it', formats: ['wat', 'text', 'json'] },
};
