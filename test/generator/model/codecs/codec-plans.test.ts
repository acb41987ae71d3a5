import { expect, test } from 'vitest'
import { buildModel } from '../../../../generator/model/build-model.js'
import type { BundledPlan } from '../../../../generator/model/codecs/codec-plan.js'
import { createTagClaims } from '../../../../generator/model/declarations/tag-claims.js'
import type { ConnectionModel } from '../../../../generator/model/model.js'
import { type AnySchema, bigint, bytes, connection, date, map, set, Type, url } from '../../../../schemas/schema.js'
import { BLIND_INDEX, readLive } from '../../read-live.js'

function model(input: AnySchema, exports: Readonly<Record<string, AnySchema>> = {}): ConnectionModel {
  const loaded = readLive({ ...exports, take: connection({ input }) })
  const { model: built, diagnostics } = buildModel('/project/schema.ts', loaded, BLIND_INDEX, createTagClaims())
  expect(diagnostics).toEqual([])
  const [first] = built?.connections ?? []
  if (first === undefined) throw new Error('expected a connection')
  return first
}

function plan(input: AnySchema, exports?: Readonly<Record<string, AnySchema>>): BundledPlan | undefined {
  return model(input, exports).input?.codec
}

const When = date()
const Dates = map(Type.String(), When)
const Note = Type.Object({ id: Type.String() })
const Meeting = Type.Object({ kind: Type.Literal('meeting'), at: date() })
const Memo = Type.Object({ kind: Type.Union([Type.Literal('memo'), Type.Literal('note')]), n: bigint() })
const Plain = Type.Object({ kind: Type.Literal('plain') })
const cents = Type.Codec(Type.Integer())
  .Decode((value) => ({ value }))
  .Encode(({ value }) => value)

const DATE = { kind: 'date' }
const AT = { kind: 'object', properties: [['at', DATE]] }

test.each<[string, AnySchema, unknown]>([
  ['nothing is converted', Type.Object({ a: Type.Array(Type.Union([Type.String(), Type.Null()])) }), undefined],
  ['properties with codecs alone', Type.Object({ at: date(), text: Type.String() }), AT],
  ['a tuple', Type.Tuple([Type.Null(), date()]), { kind: 'tuple', items: [null, DATE], rest: null }],
  ['a map of what travels as it is', map(Type.String(), Type.Null()), { kind: 'map', key: null, value: null }],
  ['a record', Type.Record(Type.String(), url()), { kind: 'record', value: { kind: 'url' } }],
  [
    'types of a union, told by their JSON types',
    Type.Union([Type.Number(), Type.Boolean(), date(), set(bytes()), Type.Object({ at: date() })]),
    {
      kind: 'union',
      arms: [
        { types: ['string'], plan: DATE },
        { types: ['array'], plan: { kind: 'set', item: { kind: 'bytes' } } },
        { types: ['object'], plan: AT },
        { types: ['number', 'boolean'], plan: null },
      ],
    },
  ],
  [
    'a union inside a union',
    Type.Union([Type.Number(), Type.Union([Type.Null(), date()])]),
    {
      kind: 'union',
      arms: [
        { types: ['string'], plan: DATE },
        { types: ['number', 'null'], plan: null },
      ],
    },
  ],
  [
    "a user's codec is asked last",
    Type.Union([cents, date()]),
    {
      kind: 'union',
      arms: [
        { types: ['string'], plan: DATE },
        {
          types: ['number'],
          plan: { kind: 'own', exportName: 'take', path: ['input', 'anyOf', 0], inner: null },
        },
      ],
    },
  ],
  [
    'objects that one property tells apart, with several of its values',
    Type.Union([Meeting, Memo, Plain]),
    {
      kind: 'variants',
      property: 'kind',
      arms: [
        ['meeting', AT],
        ['memo', { kind: 'object', properties: [['n', { kind: 'bigint' }]] }],
        ['note', { kind: 'object', properties: [['n', { kind: 'bigint' }]] }],
      ],
    },
  ],
  [
    'an intersection with other properties',
    Type.Intersect([Type.Union([Meeting, Plain]), Type.Object({ until: date() }), Note]),
    {
      kind: 'intersection',
      parts: [
        { kind: 'object', properties: [['until', DATE]] },
        { kind: 'variants', property: 'kind', arms: [['meeting', AT]] },
      ],
    },
  ],
  [
    'an intersection that says one thing twice',
    Type.Intersect([Type.Object({ at: date() }), Type.Object({ at: date() })]),
    AT,
  ],
  [
    "what travels under a user's codec",
    Type.Codec(Type.Object({ at: date() }))
      .Decode(({ at }) => at)
      .Encode((at) => ({ at })),
    { kind: 'own', exportName: 'take', path: ['input'], inner: AT },
  ],
])('a plan names only the places where something is converted: %s', (_, schema, wanted) => {
  expect(plan(schema)?.plan).toEqual(wanted)
})

test('a named type has one plan, and none where nothing in it is converted', () => {
  const Book = Type.Object({ at: When, dates: Dates, note: Note })
  const found = plan(Type.Array(Book), { When, Dates, Note, Book })
  expect(found?.plan).toEqual({ kind: 'array', item: { kind: 'reference', name: 'Book' } })
  expect(Object.fromEntries(found?.named ?? [])).toEqual({
    Book: {
      kind: 'object',
      properties: [
        ['at', DATE],
        ['dates', { kind: 'reference', name: 'Dates' }],
      ],
    },
    Dates: { kind: 'map', key: null, value: DATE },
  })
})

test('a map in a union is seen as a map, whatever name it has', () => {
  const found = plan(Type.Union([Dates, Type.Null()]), { Dates })
  expect(found?.plan).toEqual({
    kind: 'union',
    arms: [
      { types: ['array'], plan: { kind: 'map', key: null, value: DATE } },
      { types: ['null'], plan: null },
    ],
  })
})

test('types that lead to each other have plans that do', () => {
  const { Folder } = Type.Module({
    Folder: Type.Object({ files: Type.Array(Type.Ref('File')), parent: Type.Union([Type.Ref('Folder'), Type.Null()]) }),
    File: Type.Object({ saved: date(), folder: Type.Optional(Type.Ref('Folder')) }),
  })
  const found = plan(Folder, { Folder })
  expect(found?.plan).toEqual({ kind: 'reference', name: 'Folder' })
  expect(Object.fromEntries(found?.named ?? [])).toEqual({
    Folder: {
      kind: 'object',
      properties: [
        ['files', { kind: 'array', item: { kind: 'reference', name: 'File' } }],
        [
          'parent',
          {
            kind: 'union',
            arms: [
              { types: ['object'], plan: { kind: 'reference', name: 'Folder' } },
              { types: ['null'], plan: null },
            ],
          },
        ],
      ],
    },
    File: {
      kind: 'object',
      properties: [
        ['saved', DATE],
        ['folder', { kind: 'reference', name: 'Folder' }],
      ],
    },
  })
})

test('what travels in one form and is another thing at both ends has another digest', () => {
  const { digest } = model(Type.String({ format: 'date-time' }))
  expect(model(date()).digest).not.toBe(digest)
  expect(model(cents).digest).not.toBe(model(Type.Integer()).digest)
  expect(model(set(Type.String())).digest).not.toBe(model(Type.Array(Type.String())).digest)
})
