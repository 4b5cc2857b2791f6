/** The component is a module like any other. */
import { greet } from './greet.component.wasm';

console.log(greet('Ada'));
