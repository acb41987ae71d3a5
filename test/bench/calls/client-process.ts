import { isDeepStrictEqual } from 'node:util'
import { type Answers, answerQuestions } from '../measure/child.js'
import type { Client } from './contestant.js'
import { loadContestant } from './contestants.js'
import { createPair, stock, user } from './payloads.js'
import type { WorkName } from './work.js'

const contestant = await loadContestant(process.argv[2])
let connected: Client | undefined

/** How much to do: one piece of work, so many calls at a time, for so long. */
export interface Load {
  readonly work: WorkName
  readonly inFlight: number
  readonly forMs: number
}

/** What came of a load. */
export interface Throughput {
  readonly calls: number
  readonly tookMs: number
  /**
   * Calls per second in the upper quartile of windows of 100 ms: what another process takes for a moment is in the lower ones.
   */
  readonly perSecond: number
  /** What calling used of a processor. */
  readonly ownMicros: number
}

/** How long lone calls took. */
export interface Latency {
  readonly p50Micros: number
  readonly p99Micros: number
}

const WINDOW_MS = 100

const answers = {
  connect: async (address: string) => {
    connected = await contestant.createClient(address)
    await expectSame('echoUser', user)
    await expectSame('echoStock', stock)
  },
  load: async ({ work, inFlight, forMs }: Load): Promise<Throughput> => {
    const call = prepare(work)
    const state = { calls: 0, isOver: false }
    const rates: number[] = []
    const { user: userMicros, system: systemMicros } = process.cpuUsage()
    const startMs = performance.now()
    const windows = setInterval(watchRate(state, rates), WINDOW_MS)
    const end = setTimeout(() => {
      state.isOver = true
    }, forMs)
    await Promise.all(Array.from({ length: inFlight }, () => repeat(call, state)))
    clearInterval(windows)
    clearTimeout(end)
    const tookMs = performance.now() - startMs
    const used = process.cpuUsage()
    rates.sort((left, right) => left - right)
    return {
      calls: state.calls,
      tookMs,
      perSecond: rates[Math.floor(rates.length * 0.75)] ?? (state.calls / tookMs) * 1_000,
      ownMicros: used.user + used.system - userMicros - systemMicros,
    }
  },
  latency: async ({ work, forMs }: Omit<Load, 'inFlight'>): Promise<Latency> => {
    const call = prepare(work)
    const timesMs: number[] = []
    const endMs = performance.now() + forMs
    for (let atMs = performance.now(); atMs < endMs; ) {
      await call(timesMs.length)
      const doneMs = performance.now()
      timesMs.push(doneMs - atMs)
      atMs = doneMs
    }
    timesMs.sort((left, right) => left - right)
    const pick = (share: number): number => (timesMs[Math.floor(timesMs.length * share)] ?? Number.NaN) * 1_000
    return { p50Micros: pick(0.5), p99Micros: pick(0.99) }
  },
  close: async () => {
    await connected?.close?.()
  },
} satisfies Answers

/** What may be asked of the client's process. */
export type ClientAnswers = typeof answers

answerQuestions(answers)

interface State {
  calls: number
  isOver: boolean
}

async function repeat(call: (turn: number) => Promise<void>, state: State): Promise<void> {
  while (!state.isOver) await call(state.calls++)
}

function watchRate(state: State, rates: number[]): () => void {
  let lastMs = performance.now()
  let lastCalls = 0
  return () => {
    const nowMs = performance.now()
    rates.push(((state.calls - lastCalls) / (nowMs - lastMs)) * 1_000)
    lastMs = nowMs
    lastCalls = state.calls
  }
}

/** One call of a piece of work; it rejects where the answer is not the right one. */
function prepare(work: WorkName): (turn: number) => Promise<void> {
  const client = getClient()
  switch (work) {
    case 'add':
      return async (turn) => {
        const pair = createPair(turn)
        const { sum } = await client.add(pair)
        if (sum !== pair.a + pair.b) throw new Error(`${pair.a} + ${pair.b} came as ${sum}`)
      }
    case 'echoUser':
      return async () => {
        const { seq } = await client.echoUser(user)
        if (seq !== user.seq) throw new Error(`user ${user.seq} came as ${seq}`)
      }
    case 'echoStock':
      return async () => {
        const { items } = await client.echoStock(stock)
        if (items.length !== stock.items.length) throw new Error(`${stock.items.length} items came as ${items.length}`)
      }
  }
}

async function expectSame<Name extends 'echoUser' | 'echoStock'>(
  name: Name,
  value: Parameters<Client[Name]>[0],
): Promise<void> {
  const answer: unknown = await getClient()[name](value as never)
  // Protobuf marks its messages with properties of their own.
  const plain: unknown = JSON.parse(
    JSON.stringify(answer, (key, item: unknown) => (key === '$typeName' || key === '$unknown' ? undefined : item)),
  )
  if (!isDeepStrictEqual(plain, value)) throw new Error(`${name} answers another value: ${JSON.stringify(plain)}`)
}

function getClient(): Client {
  if (connected === undefined) throw new Error('the client is not connected')
  return connected
}
