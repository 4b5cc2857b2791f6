/**
 * Decoder, validator and translation as `@gangway/host` uses them: errors of the first two have a key in place of a text
 * until `explain` of texts.ts, which is loaded for an invalid component, gives them one. Everyone else uses index.ts.
 */
export { decode } from './binary/decode.ts';
export * from './translate/index.ts';
export { validate } from './validate/validate.ts';
