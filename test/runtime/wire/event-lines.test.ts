import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MalformedJsonError } from '../../../runtime/wire/decode-json.js'
import type { ArrivedEvent } from '../../../runtime/wire/events.js'
import { handOutEvents, readEvents, readEventsLine } from '../../../runtime/wire/read-events.js'
import { EventLines, type WrittenEvent } from '../../../runtime/wire/write-events.js'

const write = (...events: readonly WrittenEvent[]): string[] => {
  const lines = new EventLines()
  for (const event of events) lines.add(event)
  return lines.take().split('\n').slice(0, -1)
}

/** An event with a payload of so many characters. */
const fill = (sequence: number, length: number): WrittenEvent => ({
  event: 1,
  sequence,
  emittedAtMs: 5,
  payload: `"${'x'.repeat(length - 2)}"`,
})

const nest = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('the lines of events', () => {
  const first = { event: 3, sequence: 57, emittedAtMs: 5, payload: '"a"' }

  test.each<[string, WrittenEvent, string[]]>([
    ['the next one', { ...first, sequence: 58, payload: '{"b":1}' }, ['[13,3,57,5,["a",{"b":1}]]']],
    ['one that is a list', { ...first, sequence: 58, payload: '[1]' }, ['[13,3,57,5,["a",[1]]]']],
    ['one that is not the next', { ...first, sequence: 59 }, ['[10,3,57,5,"a"]', '[10,3,59,5,"a"]']],
    ['another event', { ...first, event: 4, sequence: 58 }, ['[10,3,57,5,"a"]', '[10,4,58,5,"a"]']],
    ['one of a later time', { ...first, sequence: 58, emittedAtMs: 6 }, ['[10,3,57,5,"a"]', '[10,3,58,6,"a"]']],
  ])('hold behind an event %s', (_, second, lines) => {
    expect(write(first, second)).toEqual(lines)
  })

  test('are shared by payloads of 2 KiB in all', () => {
    const kinds = (...lengths: readonly number[]): unknown[] =>
      write(...lengths.map((length, index) => fill(index + 1, length))).map((line) => JSON.parse(line).slice(0, 3))
    expect(kinds(1_024, 1_023)).toEqual([[13, 1, 1]])
    expect(kinds(1_024, 1_025, 100)).toEqual([
      [10, 1, 1],
      [13, 1, 2],
    ])
    expect(kinds(9_000, 9_000)).toEqual([
      [10, 1, 1],
      [10, 1, 2],
    ])
  })

  test('hold 256 events at most', () => {
    const lines = write(...Array.from({ length: 300 }, (_, index) => ({ ...first, sequence: index + 1, payload: '0' })))
    expect(lines.map((line) => readEventsLine(line)?.payloads.length)).toEqual([256, 44])
    expect(readEventsLine(`[13,3,1,5,[${Array(257).fill('0')}]]`)).toBeUndefined()
  })

  test('have sequences that are safe integers, down to the last', () => {
    const last = Number.MAX_SAFE_INTEGER
    expect(readEvents([13, 1, last - 1, 0, ['a', 'b']])?.payloads).toEqual(['a', 'b'])
    expect(readEvents([13, 1, last - 1, 0, ['a', 'b', 'c']])).toBeUndefined()
    expect(readEvents([10, 1, last, 0, 'a'])?.payloads).toEqual(['a'])
  })

  test('are read as they were written, whatever was emitted', () => {
    const anyEvent = fc.record({
      event: fc.integer({ min: 1, max: 2 }),
      gap: fc.constantFrom(1, 1, 1, 2),
      emittedAtMs: fc.constantFrom(0, 1_767_351_133_141),
      // What reaches a prototype is refused, whoever sends it.
      payload: fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('proto')),
    })
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (made) => {
        let sequence = 0
        const emitted = made.map(({ event, gap, emittedAtMs, payload }) => {
          sequence += gap
          return { event, sequence, emittedAtMs, payload: JSON.stringify(payload) }
        })
        const read: WrittenEvent[] = []
        for (const line of write(...emitted)) {
          const events = readEventsLine(line)
          expect(readEvents(JSON.parse(line))).toEqual(events)
          if (events === undefined) throw new Error(`${line} is no line of events`)
          const take = (event: ArrivedEvent): unknown =>
            read.push({ event: events.event, ...event, payload: JSON.stringify(event.payload) })
          handOutEvents(events, line.length, take)
        }
        expect(read).toEqual(emitted)
      }),
    )
  })

  test.each([
    ['one', 1, (payload: string) => `[10,3,57,5,${payload}]`],
    ['several', 2, (payload: string) => `[13,3,57,5,["a",${payload}]]`],
  ])('of %s hold payloads of 64 levels, and no more', (_, count, line) => {
    expect(readEventsLine(line(nest(64)))?.payloads).toHaveLength(count)
    expect(() => readEventsLine(line(nest(65)))).toThrow(MalformedJsonError)
  })
})
