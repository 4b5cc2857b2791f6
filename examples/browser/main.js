import { instantiateStreaming } from '@gangway/host';

const form = document.querySelector('form');
const output = document.querySelector('output');
const print = (text) => output.append(`${text}\n`);

// `log` is what the component imports; it is compiled while it is being downloaded.
const { instance } = await instantiateStreaming(fetch('greeter.wasm'), { log: (text) => print(`(log) ${text}`) });
const { greet, Counter } = instance.exports;

// A resource of the component is a class here.
const counter = new Counter(0);

function submit() {
  print(`${counter.increment()}. ${greet(form.elements.name.value)}`);
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  submit();
});
submit();
output.dataset.done = '';
