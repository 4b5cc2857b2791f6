/** Objects on both sides: an account of JavaScript's in the guest's hands, a teller of the guest's in JavaScript's. */
import { readFile } from 'node:fs/promises';
import { compile, instantiate } from '@gangway/host';

/** The guest calls its methods; it never sees the object. */
class Account {
  #balance = 0;

  deposit(amount: number): void {
    this.#balance += amount;
  }
  balance(): number {
    return this.#balance;
  }
}

/** `gangway types bank.wasm` writes this. */
interface Bank {
  readonly Teller: new (fee: number) => Teller;
}
interface Teller {
  payIn(to: Account, amount: number): number;
  [Symbol.dispose](): void;
}

const component = await compile(await readFile(new URL('bank.wasm', import.meta.url)));
const { exports } = await instantiate<Bank>(component, { account: Account });

const account = new Account();
const teller = new exports.Teller(2);
console.log('after 100:', teller.payIn(account, 100));
console.log('after 50:', teller.payIn(account, 50));
console.log('JavaScript sees the same:', account.balance());

// Or `using teller = …`, where the engine has it.
teller[Symbol.dispose]();
try {
  teller.payIn(account, 1);
} catch (error) {
  console.log((error as TypeError).message);
}
