import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { packExports } from '../../../generator/load/child/pack-exports.js'
import type { LoadedExport, LoadedValue, SchemaNode } from '../../../generator/load/loaded-schema.js'
import { createExportMemory, type ExportMemory } from '../../../generator/load/unpack-exports.js'
import { bigint, map } from '../../../schemas/codecs.js'
import { connection } from '../../../schemas/connection.js'
import { event } from '../../../schemas/event.js'
import { flag } from '../../../schemas/flag.js'
import { stream } from '../../../schemas/stream.js'
import { readLive } from '../read-live.js'

type Live = Readonly<Record<string, unknown>>

/** Sends live exports as the child process does, and takes them as its parent does. Answers which of them were sent. */
function send(
  live: Live,
  memory: ExportMemory,
): { readonly exports: readonly LoadedExport[]; readonly sent: string[] } {
  const packed = packExports(live, memory.texts)
  if (packed.outcome !== 'read') throw new Error(`not packed: ${packed.outcome}`)
  const sent = packed.exports.filter(({ text }) => text !== undefined).map(({ name }) => name)
  return { exports: memory.unpack(packed.exports), sent }
}

function createLive(maximum: number): Live {
  const page = Type.Object({ cursor: Type.String(), size: Type.Integer() })
  const Note = Type.Object({ id: Type.String({ maxLength: 9 }), page })
  return {
    Note,
    alone: connection({ input: Type.Object({ limit: Type.Integer({ maximum }) }) }),
    lists: connection({ input: page, output: stream(Type.Array(Note)) }),
    other: 7,
    saves: connection({ input: Note, output: map(Type.String(), bigint()), errors: { Full: page } }),
  }
}

/** What an export was declared with. */
function readEntries({ exports }: { readonly exports: readonly LoadedExport[] }, name: string): Entries {
  const value = exports.find((found) => found.name === name)?.value
  const declared = value?.is === 'connection' ? value.declaration : undefined
  return (declared as { readonly entries: Entries }).entries
}

type Entries = ReadonlyMap<string, LoadedValue>

describe('exports on their way from the child process', () => {
  test('are what they were, in the order of their names', () => {
    const { exports } = send(createLive(5), createExportMemory())
    expect(exports.map(({ name, value }) => [name, value.is])).toEqual([
      ['Note', 'schema'],
      ['alone', 'connection'],
      ['lists', 'connection'],
      ['other', 'other'],
      ['saves', 'connection'],
    ])
  })

  test('may be events and flags', () => {
    const Note = Type.Object({ id: Type.String() })
    const live = { Note, full: flag({ data: Note }), no: flag(1 as never), saved: event({ payload: Note }) }
    const { exports } = send(live, createExportMemory())
    const note = exports[0]?.value
    expect(exports.map(({ value }) => value)).toEqual([
      note,
      { is: 'flag', declaration: { is: 'object', entries: new Map([['data', note]]) } },
      { is: 'flag', declaration: 1 },
      { is: 'event', declaration: { is: 'object', entries: new Map([['payload', note]]) } },
    ])
  })

  test('may go round in a circle', () => {
    const around: Record<string, unknown> = { own: 'x' }
    around['again'] = around
    const list: unknown[] = [1]
    list.push(list)
    const sent = send({ a: connection(around), b: connection({ errors: list as never }) }, createExportMemory())
    const a = readEntries(sent, 'a')
    const errors = readEntries(sent, 'b').get('errors') as readonly LoadedValue[]
    expect(a.get('own')).toBe('x')
    expect(a.get('again')).toHaveProperty('entries', a)
    expect(errors[0]).toBe(1)
    expect(errors[1]).toBe(errors)
  })

  test('may have names that JavaScript knows', () => {
    const live = { a: connection(JSON.parse('{"__proto__":{"1":0,"constructor":[]},"0":-0}')) }
    const inner = new Map<string, unknown>([
      ['1', 0],
      ['constructor', []],
    ])
    expect(readEntries(send(live, createExportMemory()), 'a')).toEqual(
      new Map<string, unknown>([
        ['0', -0],
        ['__proto__', { is: 'object', entries: inner }],
      ]),
    )
  })

  test('know one codec by one number', () => {
    const Price = Type.Codec(Type.String()).Decode(Number).Encode(String)
    const live = { Price, a: connection({ input: Price }), b: connection({ input: Type.Optional(Price) as never }) }
    const sent = send(live, createExportMemory())
    const other = Type.Codec(Type.String()).Decode(Number.parseInt).Encode(String)
    expect(readEntries(sent, 'a').get('input')).toBe(sent.exports[0]?.value)
    expect(readEntries(sent, 'b').get('input')).toMatchObject({ codec: 0, optional: true })
    expect(send({ ...live, other }, createExportMemory()).exports.at(-1)?.value).toMatchObject({ codec: 1 })
  })

  test('share small schemas only where these are exported', () => {
    const id = Type.String()
    const input = Type.Object({ first: id, second: id })
    const find = (live: Live): readonly unknown[] => {
      const found = readEntries(send(live, createExportMemory()), 'a').get('input') as SchemaNode
      return [...(found.keywords.get('properties') as { readonly entries: Entries }).entries.values()]
    }
    const [first, second] = find({ a: connection({ input }) })
    expect(first).toEqual(second)
    expect(first).not.toBe(second)
    const [third, fourth] = find({ a: connection({ input }), Id: id })
    expect(third).toBe(fourth)
  })

  test('may be one under two names', () => {
    const A = Type.Object({ id: Type.String() })
    const { exports } = send({ A, B: A }, createExportMemory())
    expect(exports[1]?.value).toBe(exports[0]?.value)
  })

  test('share what they shared', () => {
    const sent = send(createLive(5), createExportMemory())
    expect(readEntries(sent, 'saves').get('input')).toBe(sent.exports[0]?.value)
  })

  test('are sent again only where they changed, and keep their objects where nothing in them did', () => {
    const memory = createExportMemory()
    const first = send(createLive(5), memory)
    expect(first.sent).toEqual(['Note', 'alone', 'lists', 'other', 'saves'])
    const second = send(createLive(6), memory)
    expect(second.sent).toEqual(['alone'])
    expect(second.exports.map((found, index) => found === first.exports[index])).toEqual([
      true,
      false,
      true,
      true,
      true,
    ])
    expect(second.exports).toEqual(readLive(createLive(6)).exports)
  })

  test('get new objects where they share something with one that changed', () => {
    const memory = createExportMemory()
    const first = send(createLive(5), memory)
    const live = createLive(5)
    const Note = Type.Object({ ...(live['Note'] as ReturnType<typeof Type.Object>).properties, more: Type.Null() })
    const changed = { ...live, Note, saves: connection({ input: Note }) }
    const second = send(changed, memory)
    expect(second.exports).toEqual(readLive(changed).exports)
    expect(second.exports.map((found, index) => found === first.exports[index])).toEqual([
      false,
      true,
      false,
      true,
      false,
    ])
  })
})
