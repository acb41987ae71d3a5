import { createSocket, type Socket } from 'node:dgram'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startTarget, type Target, type TargetReport } from '../target/start-target.js'
import { INPUTS, JSON_WORDS } from './bodies.js'
import { createBeats, createPackets, DATAGRAM_WORDS, GREETINGS, sealAgain, signAgain } from './datagrams.js'
import { exchangeBytes } from './exchange-bytes.js'
import { HELLO, listLines, listTalks, SESSION_WORDS, writeFrame } from './frames.js'
import { Mutator } from './mutate.js'
import { createRequests, HTTP_WORDS, write, writeUpgrade } from './requests.js'

/** How many mutated messages of each kind are sent, and what they are made from: the same seed makes the same ones. */
const CASES = Number(process.env['NETGEN_FUZZ_CASES'] ?? 10_000)
const SEED = Number(process.env['NETGEN_FUZZ_SEED'] ?? 1)
const TIMEOUT_MS = 20_000 + CASES * 6

/** So many are under way at once. */
const WIDTH = 32
/** What is warm before memory is measured. */
const WARM_CASES = Math.min(1_000, CASES)
const MAX_GROWTH_BYTES = 50 * 1_024 * 1_024
const MAX_LINGER_MS = 2_000

let target: Target
afterEach(() => target.stop())

/** How mutated messages are made and sent. */
interface Attack {
  /** Makes the next one. */
  readonly next: () => Buffer
  readonly send: (bytes: Buffer) => Promise<void>
  /** Closes what is kept for the next ones. */
  readonly end?: () => void
}

/** Sends mutated messages, and expects of the target what has to hold whatever they are. */
async function attack({ next, send, end }: Attack): Promise<TargetReport> {
  const last: Buffer[] = []
  const run = async (cases: number): Promise<void> => {
    let left = cases
    const work = async (): Promise<void> => {
      while (left-- > 0) {
        const bytes = next()
        last.push(bytes)
        if (last.length > WIDTH * 2) last.shift()
        await send(bytes)
      }
    }
    await Promise.all(Array.from({ length: WIDTH }, work))
  }
  try {
    const { sockets } = await target.report()
    await run(WARM_CASES)
    const { heldBytes } = await target.report()
    await run(CASES - WARM_CASES)
    end?.()
    await expect
      .poll(async () => (await target.report()).sockets, { timeout: MAX_LINGER_MS })
      .toBeLessThanOrEqual(sockets)
    const after = await target.report()
    const { faults, violations, arePrototypesWhole } = after
    expect({ faults, violations, arePrototypesWhole }).toEqual({ faults: [], violations: [], arePrototypesWhole: true })
    expect(after.heldBytes - heldBytes).toBeLessThan(MAX_GROWTH_BYTES)
    const health = write(['GET /netgen/v1/health HTTP/1.1', `host: 127.0.0.1:${target.port}`])
    expect((await exchangeBytes(target.port, health)).received).toContain('{"status":"ok"}')
    return after
  } catch (error) {
    throw new Error(`the seed was ${SEED}; what was sent last is in ${await keepCases(last)}`, { cause: error })
  }
}

/** Writes messages to a file, each as a line in base64. */
async function keepCases(cases: readonly Buffer[]): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'netgen-fuzz-')), 'cases.txt')
  await writeFile(
    path,
    cases.map((bytes) => `${bytes.toString('base64')}\n`),
  )
  return path
}

test('mutated HTTP requests get an answer or none, and change nothing', { timeout: TIMEOUT_MS }, async () => {
  target = await startTarget()
  const statuses = new Map<string, number>()
  const mutator = new Mutator(SEED, createRequests(target), HTTP_WORDS)
  let leftOpen = 0
  const next = (): Buffer => mutator.next()
  const send = async (bytes: Buffer): Promise<void> => {
    const { received, wasLeftOpen } = await exchangeBytes(target.port, bytes)
    if (wasLeftOpen) leftOpen++
    const status = /^HTTP\/1\.1 (\d+)/.exec(received)?.[1] ?? 'none'
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  const { ran } = await attack({ next, send })
  expect(leftOpen).toBe(0)
  expect(ran).toBeGreaterThan(0)
  expect([...statuses.keys()]).toEqual(expect.arrayContaining(['200', '400', '401', '403', '404']))
  expect([...statuses.keys()]).not.toContain('500')
})

test('mutated JSON bodies are refused, or are what the schema allows', { timeout: TIMEOUT_MS }, async () => {
  target = await startTarget()
  const agent = new Agent({ keepAlive: true, maxSockets: WIDTH })
  const codes = new Map<string, number>()
  const corpora = INPUTS.map(([tag, inputs]) => {
    const corpus = inputs.map((input) => Buffer.from(JSON.stringify(input)))
    return { tag, mutator: new Mutator(SEED, corpus, JSON_WORDS) }
  })
  const chooser = new Mutator(SEED, [], [])
  let tag = ''
  const next = (): Buffer => {
    const chosen = chooser.pick(corpora)
    tag = chosen.tag
    return chosen.mutator.next()
  }
  const send = async (bytes: Buffer): Promise<void> => {
    const { status, body } = await post(agent, tag, bytes)
    const code = status === 200 ? 'ok' : (JSON.parse(body) as { error: { code: string } }).error.code
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }
  const { ran } = await attack({ next, send, end: () => agent.destroy() })
  expect(ran).toBeGreaterThan(0)
  expect([...codes.keys()].sort()).toEqual(['invalid_argument', 'ok'])
})

function post(agent: Agent, tag: string, body: Buffer): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${target.token}`,
      'content-type': 'application/json',
      'content-length': body.length,
    }
    const options = { agent, host: '127.0.0.1', port: target.port, method: 'POST', path: `/netgen/v1/${tag}`, headers }
    const sent = request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
    })
    sent.on('error', reject).end(body)
  })
}

/** The ways in which a session can be wrong. */
const SESSIONS: readonly (readonly [what: string, corpus: readonly Buffer[], frame: (bytes: Buffer) => Buffer])[] = [
  [
    'lines behind a hello',
    listLines().map((line) => Buffer.from(line)),
    (bytes) => Buffer.concat([writeFrame(HELLO), writeFrame(bytes)]),
  ],
  ['frames behind a hello', listTalks(), (bytes) => Buffer.concat([writeFrame(HELLO), bytes])],
  ['hellos', [Buffer.from(HELLO)], (bytes) => Buffer.concat([writeFrame(bytes), writeFrame(listLines()[0] ?? '')])],
  [
    'frames before a hello',
    [...listTalks(), writeFrame(HELLO), ...listLines().map((line) => writeFrame(line))],
    (bytes) => bytes,
  ],
]

test('mutated frames and lines of sessions end their session at most', { timeout: TIMEOUT_MS }, async () => {
  target = await startTarget()
  const upgrade = write(writeUpgrade(target.port, target.token, target.id))
  const kinds = SESSIONS.map(([, corpus, frame]) => ({ mutator: new Mutator(SEED, corpus, SESSION_WORDS), frame }))
  let turn = 0
  const next = (): Buffer => {
    const { mutator, frame } = kinds[turn++ % kinds.length] ?? expect.fail('expected a kind')
    return Buffer.concat([upgrade, frame(mutator.next())])
  }
  let leftOpen = 0
  let opened = 0
  const send = async (bytes: Buffer): Promise<void> => {
    const { received, wasLeftOpen } = await exchangeBytes(target.port, bytes)
    if (wasLeftOpen) leftOpen++
    if (received.startsWith('HTTP/1.1 101')) opened++
  }
  const { ran } = await attack({ next, send })
  expect(leftOpen).toBe(0)
  expect(opened).toBe(CASES)
  expect(ran).toBeGreaterThan(0)
})

test('mutated beats, greetings and packets of multicast DNS are dropped, or ask where somebody may be', {
  timeout: TIMEOUT_MS,
}, async () => {
  target = await startTarget('0.0.0.0')
  const key = target.trust.deriveKey('beats')
  const beats = new Mutator(SEED, createBeats(target), DATAGRAM_WORDS)
  const packets = new Mutator(SEED, createPackets(), DATAGRAM_WORDS)
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  socket.setMulticastInterface('127.0.0.1')
  const texts = new Mutator(SEED, GREETINGS, DATAGRAM_WORDS)
  const greetings = new Mutator(
    SEED,
    GREETINGS.map((text) => sealAgain(text, target)),
    DATAGRAM_WORDS,
  )
  /** In turns; half of them for the port of the peer. */
  const makers = [
    () => beats.next(),
    () => packets.next(),
    () => signAgain(beats.next(), key),
    () => packets.next(),
    () => greetings.next(),
    () => packets.next(),
    () => sealAgain(texts.next(), target),
    () => packets.next(),
  ]
  let made = 0
  const next = (): Buffer => makers[made++ % makers.length]?.() ?? expect.fail('expected a maker')
  const send = async (bytes: Buffer): Promise<void> => {
    if (made % 2 === 1) await sendTo(socket, bytes, target.port, '127.0.0.1')
    else await sendTo(socket, bytes, 5_353, '224.0.0.251')
    // What is sent faster than it is read is lost before anybody could stumble over it.
    await target.pulse()
  }
  const after = await attack({ next, send, end: () => socket.close() })
  expect(after.datagrams).toBeGreaterThan(CASES * 0.9)
  expect(after.claims).toBeGreaterThan(0)
})

function sendTo(socket: Socket, bytes: Buffer, port: number, host: string): Promise<void> {
  return new Promise((resolve) => socket.send(bytes.subarray(0, 60_000), port, host, () => resolve()))
}
