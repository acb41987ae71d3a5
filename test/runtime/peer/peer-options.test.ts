import { describe, expect, test } from 'vitest'
import { readEnvironment } from '../../../runtime/peer/environment.js'
import { type PeerOptions, type PeerSettings, readSettings } from '../../../runtime/peer/peer-options.js'

const environment = readEnvironment({ NET_GROUP: 'env', NET_IS_HUB: '1', NET_REGISTRY: '/env', NET_CONCURRENCY: '7' })
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const read = (options: unknown): PeerSettings => readSettings(options as PeerOptions, environment)

describe('the settings of a peer', () => {
  test("are the environment's where no option is given", () => {
    const want = {
      group: 'env',
      hub: true,
      registry: '/env',
      concurrency: 7,
      port: { kind: 'range', first: 3010, last: 3015 },
      transport: 'session',
      timeoutMs: 30_000,
      drainMs: 10_000,
      retryMs: 2_000,
      strictLocal: false,
      callSites: true,
    }
    expect(read({})).toMatchObject(want)
    expect(read(Object.fromEntries(Object.keys(want).map((key) => [key, undefined])))).toMatchObject(want)
  })

  test("are the options' where they are given", () => {
    const texts = { group: 'a', registry: '/b', transport: 'http' as const }
    const switches = { hub: false, strictLocal: true, callSites: false }
    const errors = { disclosure: 'none', mapError: (error: unknown) => error }
    const options = { ...texts, ...switches, ...errors, timeoutMs: 5, drainMs: 0, retryMs: 0, concurrency: 1, logger }
    const none = { caller: undefined, callee: undefined }
    const port = { kind: 'exact', port: 0 }
    const network = {
      host: undefined,
      key: undefined,
      advertise: undefined,
      names: [],
      origins: [],
      tls: undefined,
      lan: false,
    }
    const info = { info: { version: 1 }, process: undefined }
    const told = { listen: false, info, consoleLogger: undefined }
    const place = { port, network, discovery: { peers: [], scan: undefined } }
    const guarded = {
      debug: expect.any(Function),
      info: expect.any(Function),
      warn: expect.any(Function),
      error: expect.any(Function),
    }
    const durable = { maxAgeMs: 604_800_000, maxBytes: undefined, replicas: 1 }
    const want = { ...options, ...place, ...told, durable, interceptors: none, root: process.cwd(), logger: guarded }
    expect(read({ ...options, port: 0, listen: false, info: { version: 1 } })).toEqual(want)
    expect(read({ port: 65_535 }).port).toEqual({ kind: 'exact', port: 65_535 })
  })

  test.each<[unknown, string]>([
    ['notes', 'options of createPeer are "notes", expected an object such as { group: \'notes\' }'],
    [null, "options of createPeer are null, expected an object such as { group: 'notes' }"],
    [{ goup: 'x' }, 'option "goup" of createPeer is unknown: did you mean "group"?'],
    [
      { isHub: true },
      'option "isHub" of createPeer is unknown: expected group, hub, port, host, key, keyFile, advertise, names, origins, peers, scan, tls, lan, engine, durable, registry, transport, timeoutMs, drainMs, retryMs, strictLocal, callSites, concurrency, disclosure, mapError, logger, interceptors, listen, info, exposeProcess',
    ],
    [{ listen: 0 }, 'option listen of createPeer is 0, expected true or false'],
    [{ info: ['a'] }, 'option info of createPeer is ["a"], expected an object'],
    [
      { info: { at: new Date(0) } },
      'option info of createPeer is refused: at "/at" an instance of Date cannot travel as JSON: send its plain data',
    ],
    [{ exposeProcess: 'yes' }, 'option exposeProcess of createPeer is "yes", expected true or false'],
    [{ group: '' }, 'option group of createPeer is "", expected a text that is not empty'],
    [{ group: 5 }, 'option group of createPeer is 5, expected a text that is not empty'],
    [{ group: null }, 'option group of createPeer is null, expected a text that is not empty'],
    [{ group: 'a\ud800' }, 'option group of createPeer is "a\\ud800", expected a text that is not empty'],
    [{ hub: 'yes' }, 'option hub of createPeer is "yes", expected true or false'],
    [{ registry: '' }, 'option registry of createPeer is "", expected a folder'],
    [{ transport: 'ws' }, 'option transport of createPeer is "ws", expected "session" or "http"'],
    [{ transport: null }, 'option transport of createPeer is null, expected "session" or "http"'],
    [{ port: -1 }, 'option port of createPeer is -1, expected a whole number from 0 to 65535'],
    [{ port: 65_536 }, 'option port of createPeer is 65536, expected a whole number from 0 to 65535'],
    [{ port: '3010' }, 'option port of createPeer is "3010", expected a whole number from 0 to 65535'],
    [{ scan: 'arp' }, 'option scan of createPeer is "arp", expected true, false or a list of 256 at most'],
    [
      { scan: ['10.0.0.0/8'] },
      'option scan of createPeer has "10.0.0.0/8", expected arp, an IP address, a name, or a range up to /24, such as 192.168.1.0/24',
    ],
    [{ timeoutMs: 0 }, 'timeoutMs is 0, expected whole milliseconds from 1 to 2147483647'],
    [{ drainMs: -1 }, 'drainMs is -1, expected whole milliseconds from 0 to 2147483647'],
    [{ retryMs: 0.5 }, 'retryMs is 0.5, expected whole milliseconds from 0 to 2147483647'],
    [{ strictLocal: 1 }, 'option strictLocal of createPeer is 1, expected true or false'],
    [{ callSites: 'no' }, 'option callSites of createPeer is "no", expected true or false'],
    [
      { disclosure: 'all' },
      'option disclosure of createPeer is "all", expected "stack", "message", "none" or a function',
    ],
    [{ mapError: 'x' }, 'option mapError of createPeer is "x", expected a function'],
    [{ peers: 'here:1' }, 'option peers of createPeer is "here:1", expected a list of host:port, 1024 at most'],
    [
      { peers: ['here:1', 'here'] },
      'option peers of createPeer has "here", expected host:port, such as 192.0.2.7:3010',
    ],
    [{ peers: [7] }, 'option peers of createPeer has 7, expected host:port, such as 192.0.2.7:3010'],
    [{ concurrency: 0 }, 'option concurrency of createPeer is 0, expected a whole number from 1 on'],
    [{ concurrency: 1.5 }, 'option concurrency of createPeer is 1.5, expected a whole number from 1 on'],
    [
      { interceptors: [] },
      'option interceptors of createPeer is [], expected an object with lists for one side or both: { caller: [], callee: [] }',
    ],
    [
      { interceptors: null },
      'option interceptors of createPeer is null, expected an object with lists for one side or both: { caller: [], callee: [] }',
    ],
    [{ interceptors: { calee: [] } }, 'option "interceptors.calee" of createPeer is unknown: did you mean "callee"?'],
    [
      { interceptors: { server: [] } },
      'option "interceptors.server" of createPeer is unknown: expected caller, callee',
    ],
    [
      { interceptors: { caller: () => {} } },
      'option interceptors.caller of createPeer is a function, expected a list of functions (call, next) => next()',
    ],
    [
      { interceptors: { callee: [() => {}, 'log'] } },
      'option interceptors.callee[1] of createPeer is "log", expected a function (call, next) => next()',
    ],
    [
      { logger: {} },
      'option logger of createPeer is {}, expected an object with the functions debug, info, warn, error',
    ],
    [
      { logger: null },
      'option logger of createPeer is null, expected an object with the functions debug, info, warn, error',
    ],
  ])('are refused: %j', (options, message) => {
    expect(() => read(options)).toThrow(expect.objectContaining({ code: 'invalid_argument', message }))
  })
})
