import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Beat, isBeatId, openBeat, sealBeat } from '../../../../runtime/discovery/beats/datagram.js'

const key = Buffer.alloc(32, 1)
const here = 'aaaaaaaaaaaaaaaa'
const beat: Beat = { kind: 'beat', senderId: '0123456789abcdef', receiverId: here, port: 3010, sequence: 7, echo: 5 }
const sealed = sealBeat(beat, key)

describe('a datagram', () => {
  test('of 48 bytes carries a beat to its receiver', () => {
    expect(sealed).toHaveLength(48)
    const uint32 = fc.nat(0xffffffff)
    const kind = fc.constantFrom<Beat['kind']>('beat', 'reply', 'goodbye')
    fc.assert(
      fc.property(kind, fc.integer({ min: 1, max: 65_535 }), uint32, uint32, (kind, port, sequence, echo) => {
        const said = { ...beat, kind, port, sequence, echo }
        expect(openBeat(sealBeat(said, key), key, here)).toEqual(said)
      }),
    )
  })

  test('says nothing to anybody else, nor with another key', () => {
    expect(openBeat(sealed, key, 'bbbbbbbbbbbbbbbb')).toBeUndefined()
    expect(openBeat(sealed, Buffer.alloc(32, 2), here)).toBeUndefined()
  })

  test('with one bit changed, or of another length, is none', () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const forged = Buffer.from(sealed)
      forged.writeUInt8(forged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(openBeat(forged, key, here)).toBeUndefined()
    }
    for (const length of [0, 1, 31, 47]) expect(openBeat(sealed.subarray(0, length), key, here)).toBeUndefined()
    expect(openBeat(Buffer.concat([sealed, Buffer.alloc(1)]), key, here)).toBeUndefined()
    expect(openBeat(Buffer.alloc(65_507, sealed), key, here)).toBeUndefined()
  })

  test('that is none costs less than 20 µs to see, on the average', () => {
    const junk = [Buffer.alloc(48, 255), Buffer.alloc(1_400), Buffer.from(sealed).fill(0, 32)]
    const startedAtMs = performance.now()
    for (let round = 0; round < 10_000; round++) for (const datagram of junk) openBeat(datagram, key, here)
    expect((performance.now() - startedAtMs) / 30_000).toBeLessThan(0.02)
  })
})

test.each([
  ['0123456789abcdef', true],
  ['0123456789ABCDEF', false],
  ['0123456789abcde', false],
  ['peer', false],
])('the id %s fits into a datagram: %s', (id, want) => {
  expect(isBeatId(id)).toBe(want)
})
