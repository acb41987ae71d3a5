import { type Disclosure, formatTraceback, NetgenError, type Peer, type RemotePeer } from 'netgen/runtime'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Note, type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import type { StreamsHandlers, StreamsStub } from '../../../fixtures/behaviour/generated/streams.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, silent } from './harness.js'
import { recordSentBytes, type SentBytes } from './sent-bytes.js'
import { failingStreams } from './throws/failing-streams.js'
import { listTexts } from './throws/list-texts.js'
import { THROWN, type Thrown } from './throws/thrown.js'

const WAYS = ['a call', 'a stream'] as const
const LEVELS: readonly Disclosure[] = ['stack', 'message', 'none']
const CASES = WAYS.flatMap((way) => LEVELS.map((level) => [way, level] as const))

type CaughtError = Error & Record<string, unknown>

/** What arrives of whatever is thrown, at each level of disclosure, whatever carries it; also where it ends a stream. */
export function describeThrows(name: string, createHarness: () => Promise<Harness>): void {
  describe.each(CASES)(`what is thrown in %s and told as %s over ${name}`, (way, level) => {
    let harness: Harness
    let stub: SchemaStub
    let stream: StreamsStub
    let there: RemotePeer
    let sent: SentBytes

    beforeAll(async () => {
      harness = await createHarness()
      sent = recordSentBytes()
      const here: Peer = await harness.createPeer({ logger: silent })
      const other = await harness.createPeer({ logger: silent, disclosure: level })
      const throwing = new Throwing()
      other.connect(schema, throwing)
      other.connect(failingStreams, throwing as Partial<StreamsHandlers> as StreamsHandlers)
      stub = here.connect(schema)
      stream = here.connect(failingStreams)
      const [found] = await here.peers()
      if (found === undefined) throw new Error('expected the other peer to be found')
      there = found
    })
    beforeEach(() => sent.clear())
    afterAll(async () => {
      sent.stop()
      await harness.close()
    })

    const call = async (thrown: Thrown): Promise<CaughtError> => {
      const many = THROWN.indexOf(thrown)
      if (way === 'a call') return await catchError(stub.keep({ id: String(many), body: '' }, { peer: there }))
      const items = stream.count({ many }, { peer: there })
      // Something came before: it is the end of the stream that is thrown.
      await items.next()
      return await catchError(items.next())
    }

    test.each(THROWN.map((thrown) => [thrown.name, thrown] as const))('%s', async (_, thrown) => {
      const error = await call(thrown)
      expect(error).toMatchObject({ maybeExecuted: true, remote: { errorId: expect.stringMatching(/^[\w-]{36}$/) } })
      expect(error.stack).toMatch(/^ {4}at (?:async )?call \(.*describe-throws\.ts:\d+:\d+\)$/m)
      EXPECT[level](error, thrown)
      // Every byte that left either side.
      expect(listForbidden(level, thrown).filter((text) => sent.text.includes(text))).toEqual([])
    })

    test('reads as it was thrown', async () => {
      const texts: string[] = []
      for (const thrown of THROWN) {
        const text = normalise(formatTraceback(await call(thrown)))
        // Where nothing is told, only codes differ.
        texts.push(level === 'none' ? text : `# ${thrown.name}\n${text}`)
      }
      await expect(`${[...new Set(texts)].join('\n\n')}\n`).toMatchFileSnapshot(`throws/printed.${level}.txt`)
    })
  })
}

/** What the caller gets, by level. */
const EXPECT: Readonly<Record<Disclosure, (error: CaughtError, thrown: Thrown) => void>> = {
  stack: (error, { type, says, code, has }) => {
    expect(Object.getPrototypeOf(error)).toBe(type.prototype)
    expect([error.name, error.message]).toEqual(says)
    expect(error['code']).toBe(code)
    expect(error).toMatchObject({ ...has })
  },
  message: (error, { type, says, tells = says, code, has }) => {
    expect(Object.getPrototypeOf(error)).toBe(type.prototype)
    expect([error.name, error.message]).toEqual(tells)
    // The code of a NetgenError, or of its class; one of its own is a property.
    expect(error['code']).toBe(error instanceof NetgenError || error instanceof DOMException ? code : undefined)
    expect(error['data']).toEqual((has as { data?: unknown } | undefined)?.data)
    expect(error).toMatchObject({ remote: { hops: [{ frames: [] }], properties: {} } })
    expect([error.cause, error['errors'] ?? []]).toEqual([undefined, []])
  },
  none: (error, { type, code }) => {
    expect(Object.getPrototypeOf(error)).toBe(NetgenError.prototype)
    expect(error.name).toBe('NetgenError')
    expect(error.message).toMatch(
      /^\w+\.\w+ failed at \S+, which tells this caller no more: its log has the error under [\w-]{36}$/,
    )
    expect(error['code']).toBe(isNetgens(type) ? code : 'unknown')
    expect(Object.keys(error)).toEqual(['code', 'maybeExecuted'])
    expect(error).toMatchObject({ remote: { hops: [{ frames: [] }], properties: {}, cuts: [] } })
    expect(error.cause).toBe(undefined)
  },
}

const isNetgens = (type: Thrown['type']): boolean => type === NetgenError || type.prototype instanceof NetgenError

/** What may not be in any byte: the frames' file, and where nothing is told, any text of what was thrown but its code. */
function listForbidden(level: Disclosure, { create, code }: Thrown): string[] {
  if (level === 'stack') return []
  const texts = level === 'none' ? listTexts(create()).filter((text) => text !== code) : []
  return ['thrown.ts', ...texts]
}

class Throwing extends Handlers {
  override keep(note: Note): never {
    throw THROWN[Number(note.id)]?.create()
  }

  async *count({ many }: { many: number }): AsyncGenerator<number> {
    yield 1
    throw THROWN[many]?.create()
  }
}

/** Addresses, ids and lines differ between runs and changes of this file; what is the test runner's is of no interest. */
function normalise(text: string): string {
  return (
    text
      .replace(/^.*(?:node_modules|behaviour\/harness\.ts).*\n?/gm, '')
      .replace(/default@[^\s,]+:\d+/g, 'default@ADDRESS')
      .replace(/(?<=under )[\w-]{36}/g, 'ERROR-ID')
      .replace(/(\bat .*?)\(?(?:\/\S*\/)?(test\/runtime\/[\w/-]+\.ts):\d+:\d+\)?/g, '$1$2')
      // Of many calls at once, some have the line that awaits in place of the one that calls.
      .replace(/\bat async (?=(?:call )?test\/runtime\/behaviour\/describe-throws\.ts)/g, 'at ')
      .replace(/^ +>? *\d* \|.*\n/gm, '')
      .replace(/(.)\1{99,}/g, '$1…$1')
      .replace(/\p{Surrogate}/gu, '\\ud800')
      .replace(/(?<=streams\.|Throwing\.)count/g, 'keep')
      .replaceAll('streams.', 'schema.')
      .trimEnd()
  )
}
