import { getEventListeners } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { queryObjects } from 'node:v8'
import { createPeer } from 'netgen/runtime'
import { schema } from '../calls/generated/schema.js'
import { createPair } from '../calls/payloads.js'
import { work } from '../calls/work.js'
import { type Answers, answerQuestions } from '../measure/child.js'
import { type Memory, readSettledMemory } from '../measure/memory.js'

const IN_FLIGHT = 64

/** Whatever a table keeps of a call holds its scope: where none is alive, every table is empty. */
const { CallScope } = (await import(
  new URL('dist/runtime/call/scope/call-scope.js', import.meta.resolve('netgen/package.json')).href
)) as typeof import('../../../dist/runtime/call/scope/call-scope.js')

/** One signal for all calls, as an application has that can be stopped as a whole. */
const { signal } = new AbortController()

let call = (_turn: number): Promise<unknown> => Promise.reject(new Error('the client is not connected'))

const answers = {
  startServer: async () => {
    const registry = await mkdtemp(join(tmpdir(), 'netgen-bench-'))
    const peer = await createPeer({ registry, port: 0 })
    peer.connect(schema, work)
    return registry
  },
  connect: async (registry: string) => {
    const peer = await createPeer({ registry, port: 0 })
    const [server] = await peer.peers()
    if (server === undefined) throw new Error(`no peer is in ${registry}`)
    const stub = peer.connect(schema)
    call = (turn) => stub.add(createPair(turn), { peer: server, signal })
  },
  /** Makes so many calls, 64 at a time. */
  run: async (calls: number) => {
    let made = 0
    const repeat = async (): Promise<void> => {
      while (made < calls) await call(made++)
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, repeat))
  },
  memory: async (): Promise<Memory & { leftScopes: number; leftListeners: number }> => ({
    ...(await readSettledMemory()),
    leftScopes: queryObjects(CallScope, { format: 'count' }),
    leftListeners: getEventListeners(signal, 'abort').length,
  }),
} satisfies Answers

/** What may be asked of either process. */
export type CallsAnswers = typeof answers

answerQuestions(answers)
