import { describe, expect, test } from 'vitest'
import { isModest } from '../../../../runtime/discovery/lan/packet-limits.js'

/** A packet of multicast DNS with these counts of questions, answers, authorities and additionals. */
function createPacket(length: number, counts: readonly number[]): Buffer {
  const packet = Buffer.alloc(length)
  for (const [index, count] of counts.entries()) packet.writeUInt16BE(count, 4 + 2 * index)
  return packet
}

describe('a packet', () => {
  test.each<[string, Buffer, boolean]>([
    ['of an announcement', createPacket(150, [0, 4, 0, 0]), true],
    ['as long as may be', createPacket(9_000, [0, 256, 0, 0]), true],
    ['of all kinds of records', createPacket(9_000, [64, 64, 64, 64]), true],
    ['that is too long', createPacket(9_001, [0, 4, 0, 0]), false],
    ['of too many records', createPacket(9_000, [64, 64, 64, 65]), false],
    ['of as many records as can be said', createPacket(12, [65_535, 65_535, 65_535, 65_535]), false],
    ['without a whole header', Buffer.alloc(11), false],
    ['of nothing', Buffer.alloc(0), false],
  ])('%s is decoded or not', (_, packet, want) => {
    expect(isModest(packet)).toBe(want)
  })
})
