import { expect, test } from 'vitest'
import type { Frame } from '../../../runtime/errors/remote.js'
import { printFrame, readOwnFrames } from '../../../runtime/traceback/own-frames.js'
import { parseStack } from '../../../runtime/traceback/parse-stack.js'

const at = (file: string, line: number, column: number, name?: string, async = false): Frame => ({
  ...(name === undefined ? {} : { function: name }),
  file,
  line,
  column,
  async,
})

test.each<[string, string, Frame[]]>([
  ['a function', '    at save (/app/a.js:1:2)', [at('/app/a.js', 1, 2, 'save')]],
  ['top level', '    at /app/a.js:10:20', [at('/app/a.js', 10, 20)]],
  ['a file URL', '    at file:///app/a.js:1:2', [at('file:///app/a.js', 1, 2)]],
  ['a file URL with a query', '    at f (file:///app/a.js?x=1:3:4)', [at('file:///app/a.js?x=1', 3, 4, 'f')]],
  ['async', '    at async save (/app/a.js:1:2)', [at('/app/a.js', 1, 2, 'save', true)]],
  ['async at top level', '    at async /app/a.js:1:2', [at('/app/a.js', 1, 2, undefined, true)]],
  ['a function called async', '    at async (/app/a.js:1:2)', [at('/app/a.js', 1, 2, 'async')]],
  ['a constructor', '    at new Foo (/app/a.js:1:2)', [at('/app/a.js', 1, 2, 'new Foo')]],
  ['a method', '    at Foo.bar [as baz] (/app/a.js:1:2)', [at('/app/a.js', 1, 2, 'Foo.bar [as baz]')]],
  ['a private method', '    at Foo.#bar (/app/a.js:1:2)', [at('/app/a.js', 1, 2, 'Foo.#bar')]],
  ['a symbol', '    at Foo.[Symbol.iterator] (/app/a.js:1:2)', [at('/app/a.js', 1, 2, 'Foo.[Symbol.iterator]')]],
  ['anonymous', '    at <anonymous> (/app/a.js:1:2)', [at('/app/a.js', 1, 2)]],
  ['a Windows path', '    at f (C:\\app\\a.js:1:2)', [at('C:\\app\\a.js', 1, 2, 'f')]],
  ['a Windows path alone', '    at C:\\app\\a.js:1:2', [at('C:\\app\\a.js', 1, 2)]],
  ['a Windows URL', '    at f (file:///C:/app/a.js:1:2)', [at('file:///C:/app/a.js', 1, 2, 'f')]],
  ['Node', '    at Module._load (node:internal/modules:1:2)', [at('node:internal/modules', 1, 2, 'Module._load')]],
  ['blanks in a path', '    at f (/my app/a b.js:1:2)', [at('/my app/a b.js', 1, 2, 'f')]],
  ['blanks in a path alone', '    at /my app/a b.js:1:2', [at('/my app/a b.js', 1, 2)]],
  ['parentheses in a path', '    at f (/app (1)/a.js:1:2)', [at('/app (1)/a.js', 1, 2, 'f')]],
  ['parentheses in a path alone', '    at /app (1)/a.js:1:2', [at('/app (1)/a.js', 1, 2)]],
  ['parentheses without a blank', '    at f (/app(1)/(a).js:1:2)', [at('/app(1)/(a).js', 1, 2, 'f')]],
  ['a route group', '    at page (/app/(site)/page.ts:1:2)', [at('/app/(site)/page.ts', 1, 2, 'page')]],
  ['another URL', '    at f (https://host:8080/a.js:1:2)', [at('https://host:8080/a.js', 1, 2, 'f')]],
  ['a relative file', '    at f (evalmachine.<anonymous>:1:2)', [at('evalmachine.<anonymous>', 1, 2, 'f')]],
  [
    'code in eval has the place of its eval',
    '    at eval (eval at run (/app/a.js:3:4), <anonymous>:1:2)',
    [at('/app/a.js', 3, 4, 'eval')],
  ],
  ['eval in eval', '    at f (eval at g (eval at run (/app/a.js:3:4)), <anonymous>:1:2)', [at('/app/a.js', 3, 4, 'f')]],
  ['no place', '    at <anonymous>', []],
  ['a native function', '    at Array.map (<anonymous>)', []],
  ['a native place', '    at f (native)', []],
  ['Promise.all', '    at async Promise.all (index 0)', []],
  ['wasm', '    at f (wasm://wasm/abc:wasm-function[1]:0x2a)', []],
  ['a message', 'Error: at home (x:1:2)', []],
  ['nothing', '', []],
  ['a label of another hop', '    --- at notes@127.0.0.1:3011, in schema.save ---', []],
])('%s', (_, line, want) => {
  expect(parseStack(line)).toEqual(want)
})

test('the frames of a stack come in their order, its message left out', () => {
  const stack = 'Error: two\nlines\n    at a (/a.js:1:2)\n    at b (/b.js:3:4)'
  expect(parseStack(stack).map((frame) => frame.function)).toEqual(['a', 'b'])
})

test("the frames of this very test are the user's", () => {
  const [frame] = readOwnFrames(new Error('x').stack ?? '')
  expect(frame?.file).toMatch(/parse-stack\.test\.ts$/)
})

test("netgen's own frames, undici's and Node's are left out; at most 64 stay", () => {
  const own = new URL('../../../runtime/call/invoke.ts', import.meta.url)
  const stack = [
    `    at a (${own.href}:1:2)`,
    `    at b (${own.pathname}:1:2)`,
    '    at c (node:internal/process:1:2)',
    '    at d (/app/node_modules/undici/lib/client.js:1:2)',
    '    at e (/app/node_modules/netgen/dist/runtime/v1.js:1:2)',
    '    at f (file://host/a.js:1:2)',
    '    at g (file:///a%2Fb.js:1:2)',
    ...Array.from({ length: 100 }, () => '    at h (/app/a.js:1:2)'),
  ]
  const names = readOwnFrames(stack.join('\n')).map((frame) => frame.function)
  expect(names.slice(0, 3)).toEqual(['f', 'g', 'h'])
  expect(names).toHaveLength(64)
})

test.each<[Frame, string]>([
  [at('/a.ts', 1, 2, 'f'), '    at f (/a.ts:1:2)'],
  [at('/a.ts', 1, 2), '    at /a.ts:1:2'],
  [at('/a.ts', 1, 2, 'f', true), '    at async f (/a.ts:1:2)'],
  [at('/a.ts', 1, 2, undefined, true), '    at async /a.ts:1:2'],
])('a frame is printed as V8 does, and read again: %j', (frame, text) => {
  expect(printFrame(frame)).toBe(text)
  expect(parseStack(text)).toEqual([frame])
})

test('takes time in proportion to the length of a line', () => {
  const lines: readonly ((size: number) => string)[] = [
    (size) => `    at ${'('.repeat(size)}`,
    (size) => `    at ${' ('.repeat(size / 2)}`,
    (size) => `    at ${':1'.repeat(size / 2)}`,
    (size) => `    at f (${'1'.repeat(size)}`,
    (size) => `    at ${'eval at f ('.repeat(size / 11)}`,
    (size) => `${' '.repeat(size)}x`,
  ]
  for (const create of lines) {
    const [small, large] = [2 ** 12, 2 ** 16].map((size) => measureMs(create(size)))
    expect((large ?? 0) / Math.max(small ?? 0, 0.1)).toBeLessThan(100)
  }
})

function measureMs(line: string): number {
  const runs = Array.from({ length: 3 }, () => {
    const beganMs = performance.now()
    parseStack(line)
    return performance.now() - beganMs
  })
  return Math.min(...runs)
}

test('a line that was read before is the same frame, also after many others', () => {
  const stack = '    at save (/app/save.ts:1:2)\n    at async run (/app/run.ts:3:4)'
  const before = readOwnFrames(stack)
  for (let index = 0; index < 2_000; index++) readOwnFrames(`    at f${index} (/app/x.ts:1:1)`)
  expect(readOwnFrames(stack)).toEqual(before)
  expect(readOwnFrames('    at f7 (/app/x.ts:1:1)')).toEqual([
    { function: 'f7', file: '/app/x.ts', line: 1, column: 1, async: false },
  ])
})
