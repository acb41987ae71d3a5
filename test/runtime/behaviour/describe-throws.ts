import { formatTraceback, type Peer, type RemotePeer } from 'netgen/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Note, type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, silent } from './harness.js'
import { THROWN } from './throws/thrown.js'

/** What arrives of whatever is thrown, whatever carries it. */
export function describeThrows(name: string, createHarness: () => Promise<Harness>): void {
  describe(`what is thrown over ${name}`, () => {
    let harness: Harness
    let stub: SchemaStub
    let there: RemotePeer

    beforeAll(async () => {
      harness = await createHarness()
      const here: Peer = await harness.createPeer({ logger: silent })
      const other = await harness.createPeer({ logger: silent })
      other.connect(schema, new Throwing())
      stub = here.connect(schema)
      const [found] = await here.peers()
      if (found === undefined) throw new Error('expected the other peer to be found')
      there = found
    })
    afterAll(() => harness.close())

    const call = (kind: string): Promise<Error & Record<string, unknown>> =>
      catchError(stub.keep({ id: kind, body: '' }, { peer: there }))

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
      await expect(texts.join('\n')).toMatchFileSnapshot('throws/printed.txt')
    })
  })
}

class Throwing extends Handlers {
  override keep(note: Note): never {
    throw THROWN.find(({ name }) => name === note.id)?.create()
  }
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
