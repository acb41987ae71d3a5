import { expect, test } from 'vitest'
import { bind, type Place } from '../../../../runtime/transport/http/bind.js'
import type { HttpServer } from '../../../../runtime/transport/http/http-server.js'

const logger = { debug() {}, info() {}, warn() {}, error() {} }

/** Binds a place where every port fails in the same way. */
function bindWhere(code: string, port: Place['port'], host?: string): Promise<unknown> {
  const cause = Object.assign(new Error(`listen ${code}`), { code })
  const server = { listen: () => Promise.reject(cause), close: () => Promise.resolve() }
  return bind({ host, port, names: [], advertise: undefined }, () => server as unknown as HttpServer, logger)
}

test.each<[code: string, port: Place['port'], host: string | undefined, message: string]>([
  [
    'EADDRINUSE',
    { kind: 'exact', port: 3010 },
    undefined,
    'port 3010 of loopback is taken: end what listens there, or leave port out for one that is free',
  ],
  [
    'EACCES',
    { kind: 'exact', port: 80 },
    '0.0.0.0',
    'port 80 of 0.0.0.0 is not permitted to this process: take another one, from 1024 on, or leave port out for one that is free',
  ],
  [
    'EACCES',
    { kind: 'exact', port: 50_000 },
    undefined,
    'port 50000 of loopback is not permitted to this process: take another one, or leave port out for one that is free',
  ],
  [
    'EADDRINUSE',
    { kind: 'range', first: 3010, last: 3015 },
    undefined,
    'no port of loopback is free: tried 3010 to 3015, and any',
  ],
  ['EADDRINUSE', { kind: 'exact', port: 0 }, undefined, 'no port of loopback is free'],
  ['EMFILE', { kind: 'exact', port: 3010 }, undefined, 'port 3010 of loopback cannot be bound'],
])('where a port gives %s, %j of %s is refused', async (code, port, host, message) => {
  await expect(bindWhere(code, port, host)).rejects.toMatchObject({ code: 'unavailable', message, cause: { code } })
})

test('a port that is free on 127.0.0.1 and taken on ::1 is given up for another', async () => {
  const closed: number[] = []
  let next = 40_000
  const createServer = (): HttpServer => {
    let bound = 0
    const listen = (host: string, port: number): Promise<{ host: string; port: number }> => {
      if (host === '::1' && port < 40_002) {
        return Promise.reject(Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' }))
      }
      bound = port === 0 ? next++ : port
      return Promise.resolve({ host, port: bound })
    }
    return { listen, close: () => Promise.resolve(closed.push(bound)) } as unknown as HttpServer
  }
  const place = { host: undefined, port: { kind: 'exact', port: 0 }, names: [], advertise: undefined } as const
  expect((await bind(place, createServer, logger)).bound).toEqual({ host: '127.0.0.1', port: 40_002 })
  expect(closed).toEqual([40_000, 40_001])
})
