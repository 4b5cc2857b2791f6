// A guest written in JavaScript; componentize-js turns it into a component that embeds SpiderMonkey.
import { search, take } from 'example:shop/stock';
import log from 'log';

const units = ['piece', 'kilogram', 'litre'];

export function total(articles) {
  return articles.reduce((sum, article) => sum + article.price * Number(article.count), 0);
}

export function find(prefix, cheapest) {
  const found = search(prefix);
  log(`found ${found.length} for “${prefix}”`);
  found.sort((a, b) => (cheapest ? a.price - b.price : b.price - a.price));
  return found[0];
}

export function buy(name, count) {
  const left = take(name, count);
  return [name.toUpperCase(), left];
}

export function describe(failure) {
  switch (failure.tag) {
    case 'unknown':
      return `no article ${failure.val}`;
    case 'limit':
      return `only ${failure.val[0]} of ${failure.val[1]}`;
    default:
      return failure.tag;
  }
}

export function merge(a, b) {
  return { fragile: a.fragile || b.fragile, cold: a.cold || b.cold, heavy: a.heavy || b.heavy };
}

export function next(unit) {
  return units[(units.indexOf(unit) + 1) % units.length];
}

export function double(value) {
  return BigInt.asUintN(64, value * 2n);
}

export function reverse(text) {
  return [...text].reverse().join('');
}

export function swap([text, number]) {
  return [number, text];
}

export function maybe(value) {
  return value === undefined ? undefined : value + 1;
}

export function bytes(data) {
  return data.map((byte) => byte ^ 0xff);
}
