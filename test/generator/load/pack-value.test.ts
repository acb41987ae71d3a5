import { Type as OldType } from '@sinclair/typebox'
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { packExports } from '../../../generator/load/child/pack-exports.js'
import type { LoadedValue, SchemaNode, StreamNode } from '../../../generator/load/loaded-schema.js'
import { stream } from '../../../schemas/stream.js'
import { readLive } from '../read-live.js'

class Money {}

/** Carries a live value as the child process does, and its parent takes it. */
function carry(value: unknown): LoadedValue | undefined {
  const { exports } = readLive({ made: { '~netgen': 'connection', declaration: value } })
  const made = exports[0]?.value
  return made?.is === 'connection' ? made.declaration : undefined
}

describe('a live value on its way from the child process', () => {
  it.each([
    ['text', 'text'],
    [-0, -0],
    [null, null],
    [true, true],
    [
      [1, ['a']],
      [1, ['a']],
    ],
    [{}, { is: 'object', entries: new Map() }],
    [Object.create(null), { is: 'object', entries: new Map() }],
    [undefined, { is: 'foreign', type: 'undefined', text: 'undefined' }],
    [Number.NaN, { is: 'foreign', type: 'number', text: 'NaN' }],
    [Number.POSITIVE_INFINITY, { is: 'foreign', type: 'number', text: 'Infinity' }],
    [10n, { is: 'foreign', type: 'bigint', text: '10n' }],
    [Symbol('a'), { is: 'foreign', type: 'symbol', text: 'Symbol(a)' }],
    [function run() {}, { is: 'foreign', type: 'function', text: 'function run' }],
    [
      (
        () => () =>
          undefined
      )(),
      { is: 'foreign', type: 'function', text: 'function' },
    ],
    [/^a.$/gu, { is: 'foreign', type: 'regexp', text: '/^a.$/gu' }],
    [new Date(), { is: 'foreign', type: 'instance', text: 'Date' }],
    [new Money(), { is: 'foreign', type: 'instance', text: 'Money' }],
    [new Proxy({}, {}), { is: 'foreign', type: 'instance', text: 'Proxy' }],
    [new Array(1), [{ is: 'foreign', type: 'undefined', text: 'undefined' }]],
  ])('makes %o plain', (value, want) => {
    expect(carry(value)).toEqual(want)
  })

  it('calls no getter', () => {
    const value = {
      get touched(): never {
        throw new Error('touched')
      },
    }
    const entries = new Map([['touched', { is: 'foreign', type: 'getter', text: 'get touched' }]])
    expect(carry(value)).toEqual({ is: 'object', entries })
  })

  const plain = { optional: false, readonly: false, marks: [] }
  const text = new Map([['type', 'string']])
  it.each([
    ['Type.String', Type.String(), { ...plain, kind: 'String', keywords: text }],
    ['Type.Optional', Type.Optional(Type.String()), { ...plain, kind: 'String', optional: true, keywords: text }],
    ['Type.Readonly', Type.Readonly(Type.String()), { ...plain, kind: 'String', readonly: true, keywords: text }],
    ['Type.Unsafe', Type.Unsafe({ type: 'string' }), { ...plain, kind: 'unsafe', marks: ['unsafe'], keywords: text }],
    ['Type.Any', Type.Any(), { ...plain, kind: 'Any', keywords: new Map() }],
    [
      'Type.Refine',
      Type.Refine(Type.String(), () => true),
      { ...plain, kind: 'String', marks: ['refine'], keywords: text },
    ],
    [
      'Type.Codec',
      Type.Codec(Type.String())
        .Decode((value) => value)
        .Encode((value) => value),
      { ...plain, kind: 'String', marks: ['codec'], codec: 0, keywords: text },
    ],
    [
      'an optional that is no type',
      Type.Optional({ type: 'string' }),
      { ...plain, kind: 'none', optional: true, keywords: text },
    ],
    ['old Type.String', OldType.String(), { ...plain, kind: 'String', keywords: text }],
    [
      'old Type.Unsafe',
      OldType.Unsafe({ type: 'string' }),
      { ...plain, kind: 'unsafe', marks: ['unsafe'], keywords: text },
    ],
    [
      'old Type.ReadonlyOptional',
      OldType.ReadonlyOptional(OldType.String()),
      { ...plain, kind: 'String', optional: true, readonly: true, keywords: text },
    ],
    [
      'old Type.Transform',
      OldType.Transform(OldType.String())
        .Decode((value) => value)
        .Encode((value) => value),
      { ...plain, kind: 'String', marks: ['codec'], codec: 0, keywords: text },
    ],
  ])('reads what TypeBox marked: %s', (_name, value, want) => {
    expect(carry(value)).toEqual({ is: 'schema', ...want })
  })

  const item = { is: 'schema', ...plain, kind: 'String', keywords: text }
  it.each([
    ['a stream', stream(Type.String()), { item, isMarked: false }],
    ['an optional stream', Type.Optional(stream(Type.String())), { item, isMarked: true }],
    ['an old optional stream', OldType.Optional(stream(Type.String()) as never), { item, isMarked: true }],
    [
      'a stream of nothing',
      { '~netgen': 'stream' },
      { item: expect.objectContaining({ is: 'foreign' }), isMarked: false },
    ],
  ])('reads the vocabulary: %s', (_name, value, want) => {
    expect(carry(value)).toEqual({ is: 'stream', ...want })
  })

  it('reads a stream that leads back to itself', () => {
    const item = Type.String()
    const looped = stream(item)
    const read = carry(Object.assign(item, { examples: looped }))
    expect(((read as SchemaNode).keywords.get('examples') as StreamNode).item).toBe(read)
  })

  it('refuses what is nested more than 500 levels deep', () => {
    const nest = (levels: number): unknown => (levels === 0 ? 'end' : [nest(levels - 1)])
    const pack = (levels: number): unknown =>
      packExports({ made: { '~netgen': 'connection', declaration: nest(levels) } }, new Map())
    expect(pack(500)).toMatchObject({ outcome: 'read' })
    expect(pack(501)).toEqual({ outcome: 'nested-too-deeply', exportName: 'made' })
  })
})
