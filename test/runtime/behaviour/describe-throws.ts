import { type Disclosure, formatTraceback, type Peer, type RemotePeer } from 'netgen/runtime'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Note, type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import type { StreamsHandlers, StreamsStub } from '../../../fixtures/behaviour/generated/streams.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, silent } from './harness.js'
import { recordSentBytes, type SentBytes } from './sent-bytes.js'
import { type CaughtError, expectTold, listForbidden } from './throws/expect-told.js'
import { failingStreams } from './throws/failing-streams.js'
import { normaliseTraceback } from './throws/normalise-traceback.js'
import { THROWN, type Thrown } from './throws/thrown.js'

const WAYS = ['a call', 'a stream'] as const
const LEVELS: readonly Disclosure[] = ['stack', 'message', 'none']
const CASES = WAYS.flatMap((way) => LEVELS.map((level) => [way, level] as const))

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
      expectTold(level, error, thrown)
      // Every byte that left either side.
      expect(listForbidden(level, thrown).filter((text) => sent.text.includes(text))).toEqual([])
    })

    test('reads as it was thrown', async () => {
      const texts: string[] = []
      for (const thrown of THROWN) {
        const text = normaliseTraceback(formatTraceback(await call(thrown)))
        // Where nothing is told, only codes differ.
        texts.push(level === 'none' ? text : `# ${thrown.name}\n${text}`)
      }
      await expect(`${[...new Set(texts)].join('\n\n')}\n`).toMatchFileSnapshot(`throws/printed.${level}.txt`)
    })
  })
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
