import { createServer, IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ReceivedHeaders } from '../../../../runtime/transport/http/received-headers.js'
import { ReceivedRequest } from '../../../../runtime/transport/http/received-request.js'
import { connectRaw, writeHead } from './raw-client.js'

/** As Node would have read them. */
function readByNode(raw: readonly string[]): object {
  const message = new IncomingMessage(null as never) as IncomingMessage & {
    _addHeaderLines(raw: readonly string[], count: number): void
  }
  message._addHeaderLines(raw, raw.length)
  return { ...message.headers }
}

describe('the headers of a request', () => {
  let server: Server<typeof ReceivedRequest>
  let received: ReceivedRequest[]

  beforeEach(async () => {
    received = []
    server = createServer({ IncomingMessage: ReceivedRequest }, (request, response) => {
      received.push(request)
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve))
  })

  test.each<[string, readonly string[]]>([
    ['those of a call', ['Content-Type: application/json', 'Netgen-Timeout-Ms: 5', 'netgen-caller: a']],
    ['one that is unknown', ['X-Forwarded-For: 192.0.2.1', 'X-Forwarded-For: 192.0.2.2']],
    ['one that is known, twice', ['Authorization: a', 'authorization: b']],
    ['a list in parts', ['Baggage: a=1', 'baggage: b=2']],
    ['cookies', ['Cookie: a=1', 'Cookie: b=2']],
    ['names of objects', ['__proto__: 1', 'constructor: 2', 'hasOwnProperty: 3']],
    ['an empty one', ['Origin:', 'Accept: */*']],
  ])('are for others what Node makes of them: %s', async (_, headers) => {
    const client = await connectRaw((server.address() as AddressInfo).port)
    client.socket.write(writeHead('GET / HTTP/1.1', 'Host: a', 'Connection: close', ...headers))
    await client.readAll()
    const [request] = received
    expect({ ...request?.headers }).toEqual(readByNode(request?.rawHeaders ?? []))
    expect(request?.headers).toBe(request?.headers)
  })

  test('may be replaced, as those of any request', async () => {
    const client = await connectRaw((server.address() as AddressInfo).port)
    client.socket.write(writeHead('GET / HTTP/1.1', 'Host: a', 'Connection: close'))
    await client.readAll()
    const request = received[0] ?? expect.fail('expected a request')
    request.headers = { host: 'b' }
    expect([request.headers.host, request.known.get('host')]).toEqual(['b', 'a'])
  })
})

test('what is no header is none, whatever became of Object.prototype', () => {
  Object.defineProperty(Object.prototype, 'authorization', { value: 'Bearer right', configurable: true })
  try {
    expect(new ReceivedHeaders(['Host', 'a']).get('authorization')).toBeUndefined()
    expect(new ReceivedHeaders(['Authorization', 'a'])).toMatchObject({ count: 1, repeated: undefined })
  } finally {
    Reflect.deleteProperty(Object.prototype, 'authorization')
  }
})
