import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../fixtures/behaviour/generated/schema.js'
import { silent } from '../runtime/behaviour/harness.js'
import { findPort } from './find-port.js'

const RESTARTS = 10
const WORKERS = 8
/** How many calls go by between two restarts, at least. */
const CALLS_BETWEEN = 100

let registry: string
/** One that calls over sessions, and one that calls by single requests. */
let callers: Peer[]
let ports: number[]
let servers: ChildProcess[]
let isOver: boolean
let answered: number

beforeEach(async () => {
  registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
  isOver = false
  answered = 0
  ports = [await findPort(), await findPort()]
  servers = await Promise.all(ports.map(startServer))
  // A server's process takes a second or more to start here.
  const options = { registry, port: 0, logger: silent, retryMs: 20_000, group: 'callers' }
  callers = [await createPeer(options), await createPeer({ ...options, transport: 'http' })]
})
afterEach(async () => {
  isOver = true
  await Promise.all(callers.map((caller) => caller.close()))
  for (const server of servers) server.kill('SIGKILL')
  await rm(registry, { recursive: true })
})

async function startServer(port: number): Promise<ChildProcess> {
  const path = fileURLToPath(new URL('./restarting-server.ts', import.meta.url))
  const env = { ...process.env, NET_REGISTRY: registry, PORT: `${port}` }
  const server = fork(path, { execArgv: ['--import', 'tsx'], env })
  await once(server, 'message')
  return server
}

/** One restart after the other, with some calls between them; the exit codes of the servers that ended. */
async function restartInTurn(): Promise<(number | null)[]> {
  const codes: (number | null)[] = []
  for (let turn = 0; turn < RESTARTS; turn++) {
    const index = turn % ports.length
    const [server, port] = [servers[index], ports[index]]
    if (server === undefined || port === undefined) throw new Error('expected two servers')
    server.kill('SIGTERM')
    const [code] = (await once(server, 'exit')) as [number | null]
    codes.push(code)
    servers[index] = await startServer(port)
    const wanted = answered + CALLS_BETWEEN
    await expect.poll(() => answered, { timeout: 10_000 }).toBeGreaterThan(wanted)
  }
  isOver = true
  return codes
}

/** Calls one address after the other until the restarts are over; what failed. */
async function callAddresses(stub: SchemaStub, worker: number): Promise<unknown[]> {
  const failures: unknown[] = []
  for (let turn = worker; !isOver; turn++) {
    const text = `${worker}/${turn}`
    await stub.put({ name: 'a', text }, { peer: `127.0.0.1:${ports[turn % 2]}` }).then(
      (answer) => {
        if (answer === text) answered++
        else failures.push(answer)
      },
      (error: unknown) => failures.push(error),
    )
  }
  return failures
}

/** Calls one peer after the other, and the next where one is going; the failures that left in doubt what happened. */
async function callPeers(caller: Peer): Promise<unknown[]> {
  const stub = caller.connect(schema)
  const doubtful: unknown[] = []
  for (let turn = 0; !isOver; turn++) {
    const peers = await caller.peers({ groups: 'default' })
    const peer = peers[turn % peers.length]
    if (peer === undefined) await sleep(1)
    else {
      await stub.echo(turn, { peer }).catch((error: { code: string; maybeExecuted: boolean }) => {
        if (error.code !== 'unavailable' || error.maybeExecuted) doubtful.push(error)
      })
    }
  }
  return doubtful
}

test(`no idempotent call to an address fails over ${RESTARTS} restarts, and no other one is in doubt`, async () => {
  const load = callers.flatMap((caller) => {
    const stub = caller.connect(schema)
    return Array.from({ length: WORKERS }, (_, worker) => callAddresses(stub, worker))
  })
  // Only over a session both sides know what the other one still reads.
  load.push(...callers.slice(0, 1).map(callPeers))
  const codes = await restartInTurn()
  expect((await Promise.all(load)).flat()).toEqual([])
  expect(codes).toEqual(Array.from({ length: RESTARTS }, () => 0))
}, 120_000)
