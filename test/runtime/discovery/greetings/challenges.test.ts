import { describe, expect, test } from 'vitest'
import { Challenges } from '../../../../runtime/discovery/greetings/challenges.js'

const at = { host: '10.77.0.2', port: 3010 }

describe('a challenge', () => {
  const challenges = new Challenges()
  const challenge = challenges.create(at, 1_234.567)

  test('says when it was made, for 2 s', () => {
    expect(challenges.findMadeAtMs(challenge, at, 1_300)).toBeCloseTo(1_234.567, 2)
    expect(challenges.findMadeAtMs(challenge, at, 3_234)).toBeCloseTo(1_234.567, 2)
    expect(challenges.findMadeAtMs(challenge, at, 3_235)).toBeUndefined()
  })

  test('is none of another address, of another process, cut, or with one bit changed', () => {
    expect(challenges.findMadeAtMs(challenge, { ...at, host: '10.77.0.3' }, 1_300)).toBeUndefined()
    expect(challenges.findMadeAtMs(challenge, { ...at, port: 3011 }, 1_300)).toBeUndefined()
    expect(new Challenges().findMadeAtMs(challenge, at, 1_300)).toBeUndefined()
    for (const text of ['', challenge.slice(1), `${challenge}AA`, 'é'.repeat(30)]) {
      expect(challenges.findMadeAtMs(text, at, 1_300)).toBeUndefined()
    }
    const bytes = Buffer.from(challenge, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const forged = Buffer.from(bytes)
      forged.writeUInt8(forged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(challenges.findMadeAtMs(forged.toString('base64url'), at, 1_300)).toBeUndefined()
    }
  })
})
