import { Type as OlderType } from '@sinclair/typebox'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { parseTemplate } from '../../../generator/model/templates/parse-template.js'
import { typeTemplate, writeTemplatePattern } from '../../../generator/model/templates/template.js'
import type { TypeNode } from '../../../generator/model/type-node.js'

const text = { kind: 'keyword', keyword: 'string' } as const
const number = { kind: 'keyword', keyword: 'number' } as const
const literal = (value: string): TypeNode => ({ kind: 'literal', value })

/** What TypeBox wrote, whether it escapes, the type, texts that have it, and texts that have not. */
const READ: [pattern: string, isEscaped: boolean, type: TypeNode, fitting: string[], others: string[]][] = [
  [Type.TemplateLiteral('').pattern, false, literal(''), [''], ['a', '\n']],
  [Type.TemplateLiteral('a.b').pattern, false, literal('a.b'), ['a.b'], ['axb']],
  [Type.TemplateLiteral('${string}').pattern, false, text, ['', 'a', 'a\nb', '\u2028'], []],
  [
    Type.TemplateLiteral('a${string}').pattern,
    false,
    { kind: 'template', parts: ['a', text] },
    ['a', 'a\n'],
    ['', 'ba'],
  ],
  [
    Type.TemplateLiteral('${number}').pattern,
    false,
    { kind: 'template', parts: [number] },
    ['0', '-1.50', '10'],
    ['', '01', '1e3', '.5', '1.'],
  ],
  [
    Type.TemplateLiteral('${integer}px').pattern,
    false,
    { kind: 'template', parts: [number, 'px'] },
    ['-5px'],
    ['1.5px'],
  ],
  [
    Type.TemplateLiteral('${bigint}').pattern,
    false,
    { kind: 'template', parts: [{ kind: 'keyword', keyword: 'bigint' }] },
    ['12', '-12'],
    ['12n'],
  ],
  [
    Type.TemplateLiteral('${boolean}?').pattern,
    false,
    { kind: 'template', parts: [{ kind: 'keyword', keyword: 'boolean' }, '?'] },
    ['true?', 'false?'],
    ['true', 'yes?'],
  ],
  [
    Type.TemplateLiteral('${"a.b" | 1}').pattern,
    false,
    { kind: 'template', parts: [{ kind: 'union', arms: [literal('a.b'), literal('1')] }] },
    ['a.b', '1'],
    ['a.b1', 'axb'],
  ],
  [OlderType.TemplateLiteral('a.(b)').pattern, true, literal('a.(b)'), ['a.(b)'], ['ax(b)', 'a.b']],
  [
    OlderType.TemplateLiteral('$${string}').pattern,
    true,
    { kind: 'template', parts: ['$', text] },
    ['$', '$\n'],
    ['', 'a'],
  ],
  [
    OlderType.TemplateLiteral([
      OlderType.Union([OlderType.TemplateLiteral('x${number}'), OlderType.Literal('')]),
      OlderType.Literal('|'),
    ]).pattern,
    true,
    {
      kind: 'template',
      parts: [{ kind: 'union', arms: [{ kind: 'template', parts: ['x', number] }, literal('')] }, '|'],
    },
    ['x5|', '|'],
    ['x|', 'x5'],
  ],
]

test.each(READ)('%s is read back as a template', (pattern, isEscaped, type, fitting, others) => {
  const template = parseTemplate(pattern, isEscaped) ?? []
  expect(typeTemplate(template)).toEqual(type)
  const written = new RegExp(`^${writeTemplatePattern(template)}$`, 'u')
  expect(fitting.filter((value) => !written.test(value))).toEqual([])
  expect(others.filter((value) => written.test(value))).toEqual([])
})

const UNREADABLE: [pattern: string, isEscaped: boolean][] = [
  ['', false],
  ['abc', false],
  ['^a|b$', false],
  ['^a(b$', false],
  ['^a)b$', false],
  ['^a$b$', false],
  ['^()$', false],
  ['^(a|)$', false],
  ['^(|a)$', false],
  ['^(ab.*|c)$', false],
  ['^a(?!)$', false],
  ['^[a-z](.*)$', true],
  ['^a|b$', true],
  ['^(a$', true],
]

test.each(UNREADABLE)('%s is no template', (pattern, isEscaped) => {
  expect(parseTemplate(pattern, isEscaped)).toBeUndefined()
})
