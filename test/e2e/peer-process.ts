import { setTimeout as sleep } from 'node:timers/promises'
import { createPeer } from 'netgen/runtime'
import { schema } from '../../fixtures/behaviour/generated/schema.js'

/** A peer in a process of its own: it serves the behaviour schema until its parent disconnects, then has to end by itself. */
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
process.send?.({ event: 'ready', id: peer.id, atMs: Date.now() })
process.once('disconnect', () => void peer.close())
