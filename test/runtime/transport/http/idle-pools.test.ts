import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { queryObjects } from 'node:v8'
import { Client } from 'undici'
import { expect, test } from 'vitest'
import { HttpClient } from '../../../../runtime/transport/http/http-client.js'

test('an address to which no connection is kept holds no client, and is called again as before', async () => {
  const server = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = new HttpClient(() => {})
  const ask = () =>
    client.request(address, { method: 'GET', path: '/', headers: [], body: null, maxBytes: 100 }).response

  const before = countConnections()
  await Promise.all([ask(), ask()])
  expect(countConnections()).toBe(before + 2)
  server.closeAllConnections()
  await expect.poll(countConnections).toBe(before)
  expect(await ask()).toMatchObject({ status: 200 })
  expect(countConnections()).toBe(before + 1)

  await client.close()
  server.close()
})

function countConnections(): number {
  return queryObjects(Client, { format: 'count' }) as unknown as number
}
