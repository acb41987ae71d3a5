import fc from 'fast-check'
import { expect, test } from 'vitest'
import { importType, importValue, useGlobal } from '../../../generator/text/module-symbol.js'
import { printDocumentation } from '../../../generator/text/print-documentation.js'
import { printModule } from '../../../generator/text/print-module.js'
import { SourceText, source } from '../../../generator/text/source-text.js'

function print(body: SourceText, declares: readonly string[] = []): string {
  return printModule({ head: source``, body, declares: new Set(declares), schemaImport: '../schema.js' })
}

const evaluate = (code: string): unknown => new Function(`return (${code})`)()

test('any text becomes a literal on one line that holds it', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.oneof(fc.constantFrom('\n', '\r', '\u2028', "'", '\\', '</', '\ud800', '\u202e'), fc.string()),
      }),
      (text) => {
        const code = print(source`${text}`)
        expect(evaluate(code)).toBe(text)
        expect(code).not.toMatch(/[\n\r\u2028\u2029\u202e]|<\//)
      },
    ),
  )
})

test('any text becomes a comment that ends where it should', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.oneof(fc.constantFrom('*/', '*', '/', '\n', '\u2028', '@deprecated '), fc.string()) }),
      (text) => {
        const code = print(source`${printDocumentation({ text, deprecated: text })}1`)
        expect(code.indexOf('*/')).toBe(code.lastIndexOf('*/'))
        expect(evaluate(code)).toBe(1)
      },
    ),
  )
})

test.each([
  ['plain', 'plain'],
  ['größe', 'größe'],
  ['delete', 'delete'],
  ['new', "'new'"],
  ['', "''"],
  ['a b', "'a b'"],
  ['0', "'0'"],
  ["it's", "'it\\'s'"],
])('the key %j is written %s', (name, want) => {
  expect(print(SourceText.key(name))).toBe(want)
})

test('a name that is no identifier is refused', () => {
  expect(() => SourceText.name('a b')).toThrow(new TypeError('"a b" is no identifier'))
})

test('a value of several lines is indented as the line that it begins in', () => {
  const block = source`{\n  a\n}`
  expect(print(source`x\n  y: ${block}\nz`)).toBe('x\n  y: {\n    a\n  }\nz')
})

test('imports are named once, sorted, and out of the way of what the module declares', () => {
  const uses = [importType('B'), importValue('A'), importType('A'), importType('C')].map(SourceText.symbol)
  expect(print(source`${uses}`, ['C', 'C_'])).toBe(
    "import { A, type B, type C as C__ } from 'netgen/runtime/v1'\nBAAC__",
  )
})

test('a global that the module hides is reached around it', () => {
  const promise = SourceText.symbol(useGlobal('Promise'))
  expect([print(promise), print(promise, ['Promise'])]).toEqual(['Promise', 'globalThis.Promise'])
})
