import { setTimeout as sleep } from 'node:timers/promises'
import { createPeer } from 'netgen/runtime'
import { schema } from '../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../fixtures/behaviour/generated/streams.js'

/** A peer in a process of its own: it serves the behaviour schemas until its parent disconnects, then has to end by itself. */
const logger = { debug() {}, info() {}, warn() {}, error() {} }
const peer = await createPeer({ logger })
peer.connect(schema, {
  add: ({ left, right }) => left + right,
  greet: () => `hello from ${process.pid}`,
  forget: () => {},
  echo: (value) => value,
  keep: (note) => note,
  fail: (text) => {
    throw new TypeError(text)
  },
  wait: async ({ ms }) => {
    process.send?.({ event: 'waiting' })
    await sleep(ms)
    return 'waited'
  },
  put: ({ text }) => text,
  lie: () => 1,
  renamed: () => 'found',
})
peer.connect(streams, {
  async *count({ many }) {
    let isDone = false
    try {
      for (let number = 0; number < many; number++) yield number
      isDone = true
    } finally {
      if (!isDone) process.send?.({ event: 'count was left' })
    }
  },
  async *follow() {
    yield { name: 'start', at: new Date(0) }
  },
  async sum(numbers) {
    let sum = 0
    for await (const number of numbers) sum += number
    return sum
  },
  async record(happened) {
    for await (const { name } of happened) process.send?.({ event: name })
  },
  async *double(numbers) {
    for await (const number of numbers) yield number * 2
  },
  echo: (items) => items,
  async *brief() {},
})
process.send?.({ event: 'ready', id: peer.id, atMs: Date.now() })
process.once('disconnect', () => void peer.close())
