/**
 * Decoder and validator whose errors have their texts. In and out: as the functions of the same names.
 */
import * as coreModule from './binary/core-module.ts';
import * as decoder from './binary/decode.ts';
import * as stream from './binary/stream.ts';
import { explain, explained } from './texts.ts';
import * as validator from './validate/validate.ts';
import * as values from './validate/values.ts';

/** {@inheritDoc decoder.decode} */
export const decode: typeof decoder.decode = (bytes, options) => explained(() => decoder.decode(bytes, options));

/** {@inheritDoc validator.validate} */
export const validate: typeof validator.validate = (bytes, ast, options) =>
  explained(() => validator.validate(bytes, ast, { ...options, values }));

/** {@inheritDoc coreModule.readCoreModule} */
export const readCoreModule: typeof coreModule.readCoreModule = (bytes, range) => {
  const info = coreModule.readCoreModule(bytes, range);
  explain(info.problem);
  return info;
};

/** {@inheritDoc stream.ComponentStreamDecoder} */
export class ComponentStreamDecoder extends stream.ComponentStreamDecoder {
  override push(chunk: Uint8Array): void {
    explained(() => super.push(chunk));
  }
  override end(): ReturnType<stream.ComponentStreamDecoder['end']> {
    return explained(() => super.end());
  }
}
