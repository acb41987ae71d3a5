import { formatTraceback, type Peer, type RemotePeer } from 'netgen/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Note, type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { type StreamsHandlers, type StreamsStub, streams } from '../../../fixtures/behaviour/generated/streams.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, silent } from './harness.js'
import { THROWN } from './throws/thrown.js'

type Way = 'a call' | 'a stream'

/** What arrives of whatever is thrown, whatever carries it; by default also where it ends a stream. */
export function describeThrows(
  name: string,
  createHarness: () => Promise<Harness>,
  ways: readonly Way[] = ['a call', 'a stream'],
): void {
  describe.each(ways)(`what is thrown in %s over ${name}`, (way) => {
    let harness: Harness
    let stub: SchemaStub
    let stream: StreamsStub
    let there: RemotePeer

    beforeAll(async () => {
      harness = await createHarness()
      const here: Peer = await harness.createPeer({ logger: silent })
      const other = await harness.createPeer({ logger: silent })
      const throwing = new Throwing()
      other.connect(schema, throwing)
      other.connect(failingStreams, throwing as Partial<StreamsHandlers> as StreamsHandlers)
      stub = here.connect(schema)
      stream = here.connect(failingStreams)
      const [found] = await here.peers()
      if (found === undefined) throw new Error('expected the other peer to be found')
      there = found
    })
    afterAll(() => harness.close())

    const call = async (kind: string): Promise<Error & Record<string, unknown>> => {
      if (way === 'a call') return catchError(stub.keep({ id: kind, body: '' }, { peer: there }))
      const items = stream.count({ many: THROWN.findIndex((thrown) => thrown.name === kind) }, { peer: there })
      // Something came before: it is the end of the stream that is thrown.
      await items.next()
      return catchError(items.next())
    }

    test.each(THROWN)('$name', async ({ name: kind, type, says, code, has }) => {
      const error = await call(kind)
      expect(Object.getPrototypeOf(error)).toBe(type.prototype)
      expect([error.name, error.message]).toEqual(says)
      expect(error['code']).toBe(code)
      expect(error).toMatchObject({ maybeExecuted: true, ...has })
      expect(error.stack).toMatch(/^ {4}at (?:async )?call \(.*describe-throws\.ts:\d+:\d+\)$/m)
    })

    test('reads as it was thrown', async () => {
      const texts: string[] = []
      for (const { name: kind } of THROWN) texts.push(`# ${kind}`, normalise(formatTraceback(await call(kind))), '')
      await expect(
        texts
          .join('\n')
          .replace(/(?<=streams\.|Throwing\.)count/g, 'keep')
          .replaceAll('streams.', 'schema.'),
      ).toMatchFileSnapshot('throws/printed.txt')
    })
  })
}

class Throwing extends Handlers {
  override keep(note: Note): never {
    throw THROWN.find(({ name }) => name === note.id)?.create()
  }

  async *count({ many }: { many: number }): AsyncGenerator<number> {
    yield 1
    throw THROWN[many]?.create()
  }
}

const failingStreams = createFailingStreams()

/** A stream that declares the errors of `keep`. */
function createFailingStreams(): typeof streams {
  const [keep, count] = [schema, streams].map(({ connections }) =>
    connections.find(({ name }) => name === 'keep' || name === 'count'),
  )
  if (keep === undefined || count === undefined) throw new Error('expected the connections keep and count')
  const load = async () => ({ ...(await count.load()), errors: (await keep.load()).errors })
  return { ...streams, digest: 'failing', connections: [{ ...count, errors: keep.errors, load }] }
}

/** Addresses and lines differ between runs and changes of this file; what is the test runner's is of no interest. */
function normalise(text: string): string {
  return text
    .replace(/^.*node_modules.*\n?/gm, '')
    .replace(/default@\S+:\d+/g, 'default@ADDRESS')
    .replace(/(\bat .*?)\(?(?:\/\S*\/)?(test\/runtime\/[\w/-]+\.ts):\d+:\d+\)?/g, '$1$2')
    .replace(/^ +>? *\d* \|.*\n/gm, '')
    .replace(/(.)\1{99,}/g, '$1…$1')
    .replace(/\p{Surrogate}/gu, '\\ud800')
}
