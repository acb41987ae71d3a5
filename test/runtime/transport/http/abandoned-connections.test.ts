import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HttpTransport } from '../../../../runtime/transport/http/http-transport.js'
import { Trust } from '../../../../runtime/transport/http/trust.js'
import { silent } from '../../behaviour/harness.js'
import { countSockets, type FullListener, startFullListener } from '../start-full-listener.js'

let listener: FullListener
let port: number
let transport: HttpTransport

beforeEach(async () => {
  listener = await startFullListener()
  port = listener.port
  const place = { host: undefined, port: { kind: 'exact', port: 0 } as const, advertise: undefined, names: [] }
  transport = new HttpTransport({ trust: new Trust(Buffer.alloc(32, 1)), place, logger: silent })
})
afterEach(async () => {
  await transport.close()
  listener.stop()
})

describe('a connection that does not come about', () => {
  test('is given up with the question for which it was made', async () => {
    const before = countSockets()
    await expect(transport.identify({ host: '127.0.0.1', port }, 50)).rejects.toMatchObject({
      code: 'deadline_exceeded',
    })
    await expect.poll(countSockets, { timeout: 1_000 }).toBe(before)
  })

  test('stays for others who wait for theirs, and for no closed peer', async () => {
    const before = countSockets()
    const patient = transport.identify({ host: '127.0.0.1', port }, 60_000).catch((error: unknown) => error)
    await expect(transport.identify({ host: '127.0.0.1', port }, 50)).rejects.toMatchObject({
      code: 'deadline_exceeded',
    })
    expect(countSockets()).toBeGreaterThan(before)
    await transport.close()
    expect(await patient).toMatchObject({ code: 'unavailable' })
    await expect.poll(countSockets, { timeout: 1_000 }).toBe(before)
  })
})
