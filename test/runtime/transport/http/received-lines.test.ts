import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refuse } from '../../../../runtime/errors/refuse.js'
import { ReceivedLines } from '../../../../runtime/transport/http/received-lines.js'
import { MAX_ANSWER_BYTES } from '../../../../runtime/wire/limits.js'

/** The flow of a body whose other end is the test. */
class FakeFlow {
  isPaused = false
  aborted: Error | undefined
  pause(): void {
    this.isPaused = true
  }
  resume(): void {
    this.isPaused = false
  }
  abort(error: Error): void {
    this.aborted = error
  }
}

function open(): { lines: ReceivedLines; flow: FakeFlow } {
  const flow = new FakeFlow()
  const lines = new ReceivedLines({
    refuse: (problem) => refuse('internal', problem),
    explain: (error) => refuse('unavailable', error.message),
  })
  lines.onStart(flow)
  return { lines, flow }
}

/** All that a reader gets: items, then how it ended. */
async function readAll(lines: ReceivedLines): Promise<unknown[]> {
  const all: unknown[] = []
  for (;;) {
    const pulled = await lines.pull().catch((error: Error) => error.message)
    if (typeof pulled === 'string') return [...all, pulled]
    all.push(pulled.done ? { ending: pulled.value } : pulled.value)
    if (pulled.done) return all
  }
}

const error = { kind: 'other', name: 'Error', message: 'why', code: 'unknown' }
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)

describe('a stream over HTTP', () => {
  test.each<[string, string, unknown[]]>([
    ['an end', '{"end":true}\n', [{ ending: { ok: true, value: null } }]],
    [
      'items, then an end',
      '{"item":1}\n{"item":null}\n{"end":true}\n',
      [1, null, { ending: { ok: true, value: null } }],
    ],
    [
      'an error behind an item',
      `{"item":1}\n{"error":${JSON.stringify(error)}}\n`,
      [1, { ending: { ok: false, error: expect.objectContaining({ message: 'why' }) } }],
    ],
    ['64 levels', `{"item":${deep(64)}}\n`, [JSON.parse(deep(64)), 'it ended before its last line']],
    ['65 levels', `{"item":${deep(65)}}\n`, ['a line is neither an item nor an end']],
    ['nothing', '', ['it ended before its last line']],
    ['items without an end', '{"item":1}\n', [1, 'it ended before its last line']],
    ['half a line', '{"item":1}\n{"end":tr', [1, 'it ended before its last line']],
    ['an end without its LF', '{"item":1}\n{"end":true}', [1, 'it ended before its last line']],
    ['no JSON', 'oops\n', ['a line is neither an item nor an end']],
    ['an empty line', '\n{"end":true}\n', ['a line is neither an item nor an end']],
    ['no object', '1\n', ['a line is neither an item nor an end']],
    ['an end that is none', '{"end":1}\n', ['a line is neither an item nor an end']],
    ['an error that is none', '{"error":"oops"}\n', ['a line is neither an item nor an end']],
    ['a prototype', '{"item":{"__proto__":{}}}\n', ['a line is neither an item nor an end']],
    ['what is not UTF-8', '{"item":"\xff"}\n', ['a line is neither an item nor an end']],
  ])('reads %s', async (_, body, expected) => {
    const { lines } = open()
    if (body !== '') lines.onData(Buffer.from(body, 'latin1'))
    lines.onEnd()
    expect(await readAll(lines)).toEqual(expected)
  })

  test('reads the same however it is cut', async () => {
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 20 })
    const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(texts, cuts, async (items, sizes) => {
        const { lines } = open()
        const body = Buffer.from(`${items.map((item) => `${JSON.stringify({ item })}\n`).join('')}{"end":true}\n`)
        const reading = readAll(lines)
        for (let at = 0, turn = 0; at < body.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          lines.onData(body.subarray(at, at + size))
          at += size
        }
        lines.onEnd()
        expect(await reading).toEqual([...items, { ending: { ok: true, value: null } }])
      }),
    )
  })

  test('holds the other side back while much waits, and only then', async () => {
    const { lines, flow } = open()
    const item = Buffer.from(`${JSON.stringify({ item: 'x'.repeat(60_000) })}\n`)
    for (let sent = 0; sent < 4; sent++) lines.onData(item)
    expect(flow.isPaused).toBe(false)
    lines.onData(item)
    expect(flow.isPaused).toBe(true)
    for (let read = 0; read < 2; read++) await lines.pull()
    expect(flow.isPaused).toBe(true)
    await lines.pull()
    expect(flow.isPaused).toBe(false)
  })

  test('reads on while a line is not whole, up to 4 MiB of it', async () => {
    const { lines, flow } = open()
    const reading = lines.pull().catch((thrown: Error) => thrown.message)
    const part = Buffer.alloc(64 * 1024, 'x')
    for (let bytes = 0; bytes <= MAX_ANSWER_BYTES - part.length; bytes += part.length) lines.onData(part)
    expect([flow.isPaused, flow.aborted]).toEqual([false, undefined])
    lines.onData(part)
    expect(await reading).toBe('a line is too long')
    expect(flow.aborted).toMatchObject({ message: 'a line is too long' })
  })

  test('ends with the connection, behind the items that had arrived', async () => {
    const { lines } = open()
    lines.onData(Buffer.from('{"item":1}\n{"it'))
    lines.onError(new Error('reset'))
    expect(await readAll(lines)).toEqual([1, 'reset'])
  })

  test('ends what goes on behind its last line', async () => {
    const { lines, flow } = open()
    lines.onData(Buffer.from('{"end":true}\n'))
    await lines.pull()
    lines.onData(Buffer.from('{"item":1}\n'))
    expect(flow.aborted).toMatchObject({ message: 'it goes on behind its last line' })
  })
})

test('an item of which a part came while nobody read goes on when somebody does', async () => {
  const { lines, flow } = open()
  lines.onData(Buffer.from(`{"item":"${'x'.repeat(300_000)}`))
  expect(flow.isPaused).toBe(true)
  const pulled = lines.pull()
  expect(flow.isPaused).toBe(false)
  lines.onData(Buffer.from('"}\n'))
  expect(await pulled).toMatchObject({ done: false })
})
