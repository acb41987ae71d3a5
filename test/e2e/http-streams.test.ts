import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { flags } from '../../fixtures/behaviour/generated/flags.js'
import { DiskFullError, streams } from '../../fixtures/behaviour/generated/streams.js'
import { readSharedSecret } from '../../runtime/discovery/local/shared-secret.js'
import { Trust } from '../../runtime/transport/http/trust.js'
import { FlagsOf } from '../runtime/behaviour/flag-handlers.js'
import { catchError, silent } from '../runtime/behaviour/harness.js'
import { StreamHandlers } from '../runtime/behaviour/stream-handlers.js'

describe('streams for curl', () => {
  let registry: string
  let peer: Peer
  let handlers: StreamHandlers

  beforeEach(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    peer = await createPeer({ registry, port: 0, logger: silent })
    handlers = new StreamHandlers()
    peer.connect(streams, handlers)
  })
  afterEach(async () => {
    await peer.close()
    await rm(registry, { recursive: true })
  })

  async function writeArguments(tag: string, body: string): Promise<string[]> {
    const token = new Trust(await readSharedSecret(join(registry, 'secret'))).createToken(peer.id)
    const headers = [`Authorization: Bearer ${token}`, 'Content-Type: application/json']
    const url = `http://127.0.0.1:${peer.port}/netgen/v1/${tag}`
    return [
      '-sN',
      ...headers.flatMap((header) => ['-H', header]),
      '-d',
      body,
      '-w',
      '%{http_code} %{content_type}',
      url,
    ]
  }

  async function curl(tag: string, body: string): Promise<string> {
    const { stdout } = await promisify(execFile)('curl', await writeArguments(tag, body))
    return stdout
  }

  test('a line for each item, and one for the end', async () => {
    expect(await curl('streams.count', '{"many":3}')).toBe(
      '{"item":0}\n{"item":1}\n{"item":2}\n{"end":true}\n200 application/x-ndjson',
    )
  })

  test('an error behind items is the last line, and before the first item an answer of its own', async () => {
    handlers.onCount = async function* () {
      yield 1
      throw new DiskFullError({ freeBytes: 7 })
    }
    const [item, last] = (await curl('streams.count', '{"many":3}')).split('\n')
    expect(item).toBe('{"item":1}')
    // curl did not say which group it is of: it is told the code, and the id under which the peer logged the rest.
    expect(JSON.parse(last ?? '')).toMatchObject({
      error: { code: 'failed_precondition', errorId: expect.any(String) },
    })
    expect(await curl('streams.count', '{"many":-1}')).toMatch(/^\{"error":.*\}400 application\/json$/)
  })

  test('a flag is an answer of its own, and behind items the last line', async () => {
    peer.connect(flags, new FlagsOf())
    const quota = '{"flag":"flags.quotaReached","data":{"limit":5,"resetsAt":"2030-01-01T00:00:00.000Z"}}'
    expect(await curl('flags.ask', '"quota"')).toBe(`${quota}422 application/json`)
    expect(await curl('flags.ask', '"like a flag"')).toBe('{"flag":"flags.quotaReached","data":5}200 application/json')
    expect(await curl('netgen.null', 'null')).toBe('{"flag":"netgen.NULL","data":null}422 application/json')
    expect(await curl('flags.count', '"quota"')).toBe(
      `{"item":1}\n{"item":2}\n{"item":3}\n${quota}\n200 application/x-ndjson`,
    )
  })

  test('a connection whose input is a stream answers 501, and says what to do', async () => {
    const answer = await curl('streams.sum', 'null')
    expect(answer).toContain(
      '"input of streams.sum is a stream, which one request over HTTP does not carry: call it through a session"',
    )
    expect(answer).toMatch(/501 application\/json$/)
  })

  test('a client that goes away ends the generator', async () => {
    handlers.onCount = async function* (this: StreamHandlers) {
      for (;;) {
        this.made++
        yield 1
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const client = spawn('curl', await writeArguments('streams.count', '{"many":3}'))
    await once(client.stdout, 'data')
    client.kill('SIGKILL')
    await expect.poll(() => handlers.told.at(-1)).toBe('count is closed')
  })

  test('a client that does not read holds the generator back', async () => {
    const large = 'x'.repeat(100_000)
    handlers.onFollow = async function* () {
      for (;;) {
        handlers.made++
        yield { name: large, at: new Date() }
      }
    }
    const client = spawn('curl', await writeArguments('streams.follow', 'null'))
    client.stdout.pause()
    let before = -1
    // What fits into the buffers of both processes and of the connection is made, and no more.
    await expect
      .poll(
        () => {
          const isStill = handlers.made === before && handlers.made > 0
          before = handlers.made
          return isStill
        },
        { interval: 200, timeout: 10_000 },
      )
      .toBe(true)
    expect(handlers.made).toBeLessThan(500)
    client.kill('SIGKILL')
    await expect.poll(() => handlers.contexts[0]?.signal.aborted).toBe(true)
  })

  test('a peer that calls over HTTP is told the same of an input before anything leaves', async () => {
    const caller = await createPeer({ registry, port: 0, logger: silent, transport: 'http' })
    const error = await catchError(caller.connect(streams).sum([1], { peer: peer.id }))
    await caller.close()
    expect(error).toMatchObject({
      code: 'unimplemented',
      maybeExecuted: false,
      message:
        'input of streams.sum is a stream, which one request over HTTP does not carry: call it through a session',
    })
    expect(handlers.contexts).toEqual([])
  })
})
