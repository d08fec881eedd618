// Stand-ins can be used in every way, and what is made from them is known.
// usage: node stub.test.mjs

import { report, stub, taintOf } from './support.mjs';

const z = stub('zod');
class Child extends z.Base {
  name = 'child';

  greet() {
    return this.name;
  }
}

/** `[what is done, what comes out, expected]`: functions are called, so that an exception is a failure. */
const cases = [
  ['the module', () => taintOf(z), 'zod'],
  ['a property', () => taintOf(z.string), 'zod#string'],
  ['a call', () => taintOf(z.string().min(1)), 'zod#string().min()'],
  ['calling the module', () => taintOf(z()), 'zod()'],
  ['new', () => taintOf(new z.Foo(1).bar), 'zod#Foo().bar'],
  ['an element', () => taintOf(z.list[3]), 'zod#list[3]'],
  ['destructuring a list', () => { const [a, b] = z.pair; return [a, b].map(taintOf).join(); }, 'zod#pair[0],zod#pair[1]'],
  ['destructuring an object', () => { const { a: { b } } = z; return taintOf(b); }, 'zod#a.b'],
  ['spreading into a list', () => taintOf([...z.list][0]), 'zod#list[0]'],
  ['spreading into an object', () => { const o = { ...z.shape }; const [key] = Object.keys(o); return `${taintOf(key)} ${taintOf(o[key])}`; }, 'zod#shape zod#shape'],
  ['entries', () => Object.entries(z.shape).map(([k, v]) => `${taintOf(k)} ${taintOf(v)}`).join(), 'zod#shape zod#shape'],
  ['a template', () => taintOf(`a ${z.b} c`), 'zod#b'],
  ['concatenation', () => taintOf('x' + z.b), 'zod#b'],
  ['JSON', () => taintOf(JSON.parse(JSON.stringify({ a: z.b })).a), 'zod#b'],
  ['a key', () => taintOf(Object.keys({ [z.k]: 1 })[0]), 'zod#k'],
  ['a number', () => String(Number(z.n)), 'NaN'],
  ['comparison', () => [z.a === z.a, z.a === z.b, z.a instanceof z.B].join(), 'true,false,false'],
  ['in', () => ['x' in z, Symbol('x') in z].join(), 'true,false'],
  ['typeof', () => typeof z.x, 'function'],
  ['assignment', () => { z.x = 1; z.y ??= 2; delete z.q; return taintOf(z.x); }, 'zod#x'],
  ['defineProperty', () => { Object.defineProperty(z.d, 'x', { value: 1 }); return 'done'; }, 'done'],
  ['freezing', () => { Object.freeze(z.frozen); return [Object.isFrozen(z.frozen), taintOf(z.frozen.x)].join(); }, 'true,zod#frozen.x'],
  ['await', async () => taintOf(await z.promise), 'zod#promise'],
  ['for await', async () => { for await (const x of z.stream) return taintOf(x); return ''; }, 'zod#stream[0]'],
  ['a loop', () => { let n = 0; for (const x of z.list) n += x ? 1 : 0; return n; }, 8],
  ['a class', () => new Child().greet(), 'child'],
  ['a decorator', () => taintOf(z.decorate(class {})), 'zod#decorate()'],
  ['a tagged template', () => taintOf(z.sql`a ${1}`), 'zod#sql()'],
  ['bind, call, apply', () => taintOf(z.f.bind(null).call(null)), 'zod#f.bind().call()'],
  ['an endless chain', () => { let s = z; for (let i = 0; i < 100000; i++) s = s.x(); return taintOf(s).startsWith('zod#x().x()'); }, true],
  ['Object.assign', () => taintOf(Object.keys(Object.assign({}, z.o))[0]), 'zod#o'],
  ['sorting', () => [z.b, z.a].sort().length, 2],
  ['Map and Set', () => new Map([[z.a, 1]]).get(z.a) + new Set([z.a, z.a]).size, 2],
  ['toString of Object', () => Object.prototype.toString.call(z), '[object Function]'],
  ['one stub for one origin', () => stub('zod') === z, true],
  ['what is no stub', () => [taintOf('x'), taintOf(1), taintOf(null), taintOf(undefined), taintOf(() => 1), taintOf({})].join(), ',,,,,'],
];

await report('stubs', cases.map(([name, act, expected]) => [name, async () => {
  const got = await act();
  return got === expected ? undefined : `${JSON.stringify(got)} instead of ${JSON.stringify(expected)}`;
}]));
