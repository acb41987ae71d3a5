import { describe, expect, test } from 'vitest'
import {
  type Greeting,
  isGreeting,
  openGreeting,
  sealGreeting,
} from '../../../../runtime/discovery/greetings/greeting.js'
import { Trust } from '../../../../runtime/transport/http/trust.js'

const trust = new Trust(Buffer.alloc(32, 1), 'key')
const ID = '0123456789abcdef'
const from = { host: '10.77.0.1', port: 3010 }
const to = { host: '10.77.0.2', port: 3010 }
const introduction = { group: 'notes', hub: true, versions: { netgen: '1.0.0', protocol: [1] } }
const GREETINGS: Greeting[] = [
  { kind: 'hello', from, to, challenge: 'c' },
  { kind: 'answer', from, echo: 'e', challenge: 'c', ...introduction },
  { kind: 'confirm', from, echo: 'e', ...introduction },
]
const seal = (greeting: unknown, sealer = trust): Buffer =>
  sealGreeting(greeting as Greeting, ID, sealer) ?? expect.fail('expected a datagram')

describe('a greeting', () => {
  test.each(GREETINGS)(
    'of the kind $kind is read by whoever has the secret, and says nothing to others',
    (greeting) => {
      const datagram = seal(greeting)
      expect(isGreeting(datagram)).toBe(true)
      expect(openGreeting(datagram, trust)).toEqual({ senderId: ID, greeting })
      expect(openGreeting(datagram, new Trust(Buffer.alloc(32, 2), 'key'))).toBeUndefined()
      for (const hidden of ['notes', '10.77', greeting.kind]) expect(datagram.toString('latin1')).not.toContain(hidden)
    },
  )

  test('with one bit changed, in another name, cut, or oversize is none', () => {
    const [greeting = expect.fail('expected a greeting')] = GREETINGS
    const datagram = seal(greeting)
    for (let bit = 0; bit < datagram.length * 8; bit++) {
      const forged = Buffer.from(datagram)
      forged.writeUInt8(forged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      // Of the last digit of base64url not all bits count.
      const isRead = openGreeting(forged, trust) !== undefined
      expect(isRead && bit < (datagram.length - 1) * 8).toBe(false)
    }
    for (let length = 0; length < datagram.length; length += 7) {
      expect(openGreeting(datagram.subarray(0, length), trust)).toBeUndefined()
    }
    expect(openGreeting(Buffer.alloc(60_000, datagram), trust)).toBeUndefined()
  })

  test.each<unknown>([
    null,
    [],
    'hello',
    { kind: 'hello', from, challenge: 'c' },
    { kind: 'hello', from: { host: 1, port: 1 }, to, challenge: 'c' },
    { kind: 'answer', from, echo: 'e', ...introduction },
    { kind: 'confirm', from, echo: 'e', ...introduction, hub: 'yes' },
    { kind: 'confirm', from, echo: 'e', ...introduction, versions: [] },
    { kind: 'other', from, echo: 'e', challenge: 'c', ...introduction },
    { ...GREETINGS[0], from: null },
  ])('that a later version says otherwise is none: %j', (value) => {
    expect(openGreeting(seal(value), trust)).toBeUndefined()
  })

  test('with a proof over HTTP, which a stranger may ask for, is none', () => {
    const challenge = 'a'.repeat(43)
    const sealed = trust.seal(JSON.stringify(GREETINGS[2]), challenge, ID)
    expect(openGreeting(Buffer.from(`NGg1${ID}${sealed}`, 'latin1'), trust)).toBeUndefined()
  })

  test('that does not fit into one datagram is not sealed', () => {
    expect(sealGreeting({ kind: 'confirm', from, echo: 'e', ...introduction, group: 'n'.repeat(900) }, ID, trust)).toBe(
      undefined,
    )
  })

  test('that is junk costs less than 100 µs to see, on the average', () => {
    const junk = Buffer.from(`NGg1${ID}${'A'.repeat(300)}`, 'latin1')
    const beganAtMs = performance.now()
    for (let round = 0; round < 2_000; round++) openGreeting(junk, trust)
    expect((performance.now() - beganAtMs) / 2_000).toBeLessThan(0.1)
  })
})
