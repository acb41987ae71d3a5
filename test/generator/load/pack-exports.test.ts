import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { packExports } from '../../../generator/load/child/pack-exports.js'
import type { LoadedExport } from '../../../generator/load/loaded-schema.js'
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
  const packed = packExports(readLive(live).exports, memory.listDigests())
  const sent = packed.filter(({ text }) => text !== undefined).map(({ name }) => name)
  return { exports: memory.unpack(JSON.parse(JSON.stringify(packed))), sent }
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

describe('exports on their way from the child process', () => {
  const Note = Type.Object({ id: Type.String() })
  const around: Record<string, unknown> = { own: 'x' }
  around['again'] = around
  const list: unknown[] = [1]
  list.push(list)

  test.each<[what: string, live: Live]>([
    ['of every kind', createLive(5)],
    ['that share a part', createLive(5)],
    ['that go round in a circle', { a: connection(around as never), b: connection({ errors: list as never }) }],
    ['with names that JavaScript knows', { a: connection(JSON.parse('{"__proto__":{"1":0,"constructor":[]},"0":1}')) }],
    [
      'that are events and flags',
      { Note, saved: event({ payload: Note }), full: flag({ data: Note }), no: flag(1 as never) },
    ],
    ['of two names', { A: Type.String(), B: Type.Object({}), ...{ C: Type.Null() } }],
    ['with a codec', { a: connection({ input: Type.Codec(Type.String()).Decode(Number).Encode(String) }) }],
    [
      'with what JSON cannot hold',
      { a: connection({ tag: Symbol('s'), input: () => 1, aliases: [1n, /x/] } as never) },
    ],
  ])('arrive as they were read: %s', (_what, live) => {
    expect(send(live, createExportMemory()).exports).toEqual(readLive(live).exports)
  })

  test('share what they shared', () => {
    const { exports } = send(createLive(5), createExportMemory())
    const read = (name: string): LoadedExport['value'] | undefined =>
      exports.find((found) => found.name === name)?.value
    const saves = read('saves')
    const declared = saves?.is === 'connection' ? saves.declaration : undefined
    expect(declared).toMatchObject({ is: 'object' })
    const input = (declared as { readonly entries: ReadonlyMap<string, unknown> }).entries.get('input')
    expect(input).toBe(read('Note'))
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
