import { expect, test } from 'vitest'
import { buildModel } from '../../../generator/model/build-model.js'
import { createTagClaims } from '../../../generator/model/declarations/tag-claims.js'
import {
  type AnySchema,
  type ConnectionDeclaration,
  connection,
  event,
  flag,
  stream,
  Type,
} from '../../../schemas/schema.js'
import { BLIND_INDEX, readLive } from '../read-live.js'

function digest(declaration: ConnectionDeclaration, exports: Readonly<Record<string, unknown>> = {}): string {
  const loaded = readLive({ ...exports, call: connection({ tag: 'tag', ...declaration }) })
  const { model, diagnostics } = buildModel('/project/schema.ts', loaded, BLIND_INDEX, createTagClaims())
  expect(diagnostics).toEqual([])
  return model?.connections[0]?.digest ?? ''
}

/** The digest of a schema that declares one thing. */
function digestOne(declared: unknown): string {
  const { model, diagnostics } = buildModel(
    '/project/schema.ts',
    readLive({ declared }),
    BLIND_INDEX,
    createTagClaims(),
  )
  expect(diagnostics).toEqual([])
  return model?.digest ?? ''
}

const createNote = () => Type.Object({ id: Type.String(), body: Type.Optional(Type.String()) })
const note = createNote()
const tree = (name: string): AnySchema => {
  return Type.Cyclic({ [name]: Type.Object({ children: Type.Array(Type.Ref(name)) }) }, name)
}
const pair = (first: string, second: string): AnySchema => {
  const definitions = {
    [first]: Type.Object({ other: Type.Optional(Type.Ref(second)), name: Type.String() }),
    [second]: Type.Object({ other: Type.Optional(Type.Ref(first)), size: Type.Number() }),
  }
  return Type.Cyclic(definitions, first)
}

const SAME: [string, string, string][] = [
  ['an export', digest({ input: note }), digest({ input: note }, { Note: note })],
  ['the name of a type', digest({ input: note }, { A: note }), digest({ input: note }, { B: note })],
  ['the name of a recursive type', digest({ input: tree('A') }), digest({ input: tree('B') })],
  ['names in a circle', digest({ input: pair('A', 'B') }), digest({ input: pair('Y', 'X') })],
  [
    'the order of properties',
    digest({ input: note }),
    digest({ input: Type.Object({ body: Type.Optional(Type.String()), id: Type.String() }) }),
  ],
  [
    'documentation',
    digest({ input: note }),
    digest({
      input: Type.Object({ id: Type.String({ title: 'Id', default: '', examples: [''] }), body: note.properties.body }),
    }),
  ],
  [
    'a stream that is declared elsewhere',
    digest({ input: stream(note) }),
    digest({ input: stream(createNote()) }, { Notes: stream(note) }),
  ],
  ['an alias of an event', digestOne(event({})), digestOne(event({ aliases: ['older'] }))],
  ['live delivery, which is the default', digestOne(event({})), digestOne(event({ delivery: 'live' }))],
  ['no value, in other words', digestOne(flag({})), digestOne(flag({ data: Type.Void() }))],
  ['a timeout or an alias', digest({}), digest({ timeoutMs: 5, aliases: ['other'] })],
]

const DIFFERENT: [string, string, string][] = [
  ['the tag', digest({}), digest({ tag: 'other' })],
  ['idempotence', digest({}), digest({ idempotent: true })],
  ['the direction', digest({ input: note }), digest({ output: note })],
  ['what is required', digest({ input: note }), digest({ input: Type.Partial(note) })],
  ['an input stream', digest({ input: note }), digest({ input: stream(note) })],
  ['an output stream', digest({ output: note }), digest({ output: stream(note) })],
  ['the direction of a stream', digest({ input: stream(note) }), digest({ output: stream(note) })],
  ['the item of a stream', digest({ input: stream(note) }), digest({ input: stream(Type.Partial(note)) })],
  ['a list in the place of a stream', digest({ output: Type.Array(note) }), digest({ output: stream(note) })],
  ['a limit', digest({ input: Type.String() }), digest({ input: Type.String({ maxLength: 1 }) })],
  [
    'a property that is named like documentation',
    digest({ input: Type.Object({}) }),
    digest({ input: Type.Object({ title: Type.Optional(Type.Null()) }) }),
  ],
  ['the kind of a declaration', digestOne(connection({})), digestOne(event({}))],
  ['the kind of a declaration, again', digestOne(event({})), digestOne(flag({}))],
  ['the tag of an event', digestOne(event({})), digestOne(event({ tag: 'other' }))],
  ['the payload of an event', digestOne(event({ payload: note })), digestOne(event({ payload: Type.Partial(note) }))],
  ['the delivery of an event', digestOne(event({})), digestOne(event({ delivery: 'durable' }))],
  ['the tag of a flag', digestOne(flag({})), digestOne(flag({ tag: 'other' }))],
  ['the data of a flag', digestOne(flag({})), digestOne(flag({ data: note }))],
  ['the name of an error', digest({ errors: { A: note } }), digest({ errors: { B: note } })],
  ['the entry of a circle', digest({ input: pair('A', 'B') }), digest({ input: Type.Array(pair('A', 'B')) })],
]

test.each(SAME)('%s does not change the digest', (_, left, right) => expect(left).toBe(right))

test.each(DIFFERENT)('%s changes the digest', (_, left, right) => expect(left).not.toBe(right))

test('a circle of many types is digested in time', () => {
  const names = Array.from({ length: 30 }, (_, index) => `T${index}`)
  const all = () => Object.fromEntries(names.map((name) => [name, Type.Optional(Type.Ref(name))]))
  const definitions = Object.fromEntries(names.map((name) => [name, Type.Object(all())]))
  const startedMs = performance.now()
  expect(digest({ input: Type.Cyclic(definitions, 'T0') })).toHaveLength(22)
  expect(performance.now() - startedMs).toBeLessThan(5_000)
})
