import { openSync, writeSync } from 'node:fs'
import { createPeer, NetgenError } from 'netgen/runtime'
import { orders } from '../../../fixtures/durable/generated/orders.js'

/** How many emissions are under way at once. */
const UNDER_WAY = Number(process.env['UNDER_WAY'] ?? 256)

/** Of so many events, one is for the ordered subscription. */
const ORDERED_SHARE = 5

const { ROLE = '', JOURNAL = '', LIFE = '', ENGINE = '', REPLICAS = '1' } = process.env

// Written before anybody is told: what is in the journal is true, whenever this process is killed.
const journal = openSync(JOURNAL, 'a')
const note = (line: string): void => void writeSync(journal, `${line}\n`)
const noteHandled = (id: string, sequence: number): void => note(`${id} ${sequence} ${Date.now()}`)

const peer = await createPeer({
  engine: ENGINE.split(','),
  port: 0,
  durable: { replicas: Number(REPLICAS) },
  logger: { debug: () => {}, info: () => {}, warn: () => {}, error: (text, fields) => console.error(text, fields) },
})
const { placed, noted } = peer.connect(orders)
let isStopping = false

/** Emits one event after the other, each until it is acknowledged, and notes those that are. */
async function publish(first: number): Promise<void> {
  for (let number = first; !isStopping; number += UNDER_WAY) {
    const id = `${LIFE}-${number}`
    const emit = (): Promise<unknown> =>
      number % ORDERED_SHARE === 0 ? placed.emit({ number, cents: 1n }, { id }) : noted.emit(number, { id })
    while (!(await tryOnce(emit))) await new Promise((resolve) => setTimeout(resolve, 20))
    note(id)
  }
}

/** Whether it has worked: nothing else may happen than that the engine cannot be reached. */
async function tryOnce(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    if (error instanceof NetgenError && error.code === 'unavailable') return false
    throw error
  }
}

if (ROLE === 'publisher') {
  process.send?.('ready')
  const publishing = Promise.all(Array.from({ length: UNDER_WAY }, (_, number) => publish(number)))
  process.once('message', () => {
    isStopping = true
  })
  await publishing
} else {
  const options = { name: ROLE, from: 'all', silenceMs: 1_000 } as const
  const ordered = ROLE === 'ledger'
  const subscribe = async (): Promise<void> => {
    if (ordered) await placed.subscribe((_, { id, sequence }) => noteHandled(id, sequence), { ...options, ordered })
    else await noted.subscribe(async (_, { id, sequence }) => noteHandled(id, sequence), { ...options, concurrency: 8 })
  }
  while (!(await tryOnce(subscribe))) await new Promise((resolve) => setTimeout(resolve, 20))
  process.send?.('ready')
  await new Promise((resolve) => process.once('message', resolve))
}
await peer.close()
process.disconnect()
