import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createChallenge, Trust } from '../../../../runtime/transport/http/trust.js'

const trust = new Trust(Buffer.alloc(32, 1))
const stranger = new Trust(Buffer.alloc(32, 2))
const challenge = 'c'.repeat(43)
const address = { host: '127.0.0.1', port: 3010 }
const proof = trust.prove(challenge, 'peer', address)

describe('a proof', () => {
  test('holds for its challenge, its peer and the address that was dialled', () => {
    expect(proof).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(trust.isProof(proof, challenge, 'peer', address)).toBe(true)
    expect(new Trust(Buffer.alloc(32, 1)).isProof(proof, challenge, 'peer', address)).toBe(true)
  })

  test.each<[string, () => boolean]>([
    ['another challenge', () => trust.isProof(proof, 'd'.repeat(43), 'peer', address)],
    ['another peer', () => trust.isProof(proof, challenge, 'other', address)],
    ['another port', () => trust.isProof(proof, challenge, 'peer', { ...address, port: 3011 })],
    ['another host', () => trust.isProof(proof, challenge, 'peer', { ...address, host: '::1' })],
    ['another secret', () => stranger.isProof(proof, challenge, 'peer', address)],
    ['a token', () => trust.isProof(trust.createToken('peer'), challenge, 'peer', address)],
    ['nothing', () => trust.isProof('', challenge, 'peer', address)],
    ['half of it', () => trust.isProof(proof.slice(0, 20), challenge, 'peer', address)],
    ['more than it', () => trust.isProof(`${proof}A`, challenge, 'peer', address)],
    ['text outside ASCII', () => trust.isProof('é'.repeat(43), challenge, 'peer', address)],
  ])('does not hold for %s', (_, isProof) => {
    expect(isProof()).toBe(false)
  })

  test('of one pair of texts is never that of another pair', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (a, b, c, d) => {
        const isSame = a === c && b === d
        expect(trust.isProof(trust.prove(a, b, address), c, d, address)).toBe(isSame)
      }),
    )
  })
})

describe('a token', () => {
  test('opens the peer that it was made for, and no other', () => {
    const token = trust.createToken('peer')
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(trust.isToken(token, 'peer')).toBe(true)
    expect(trust.isToken(token, 'other')).toBe(false)
    expect(stranger.isToken(token, 'peer')).toBe(false)
    for (const wrong of ['', token.slice(1), `${token}x`, `${token.slice(1)}é`, `${token.slice(0, -1)}é`, proof])
      expect(trust.isToken(wrong, 'peer')).toBe(false)
  })
})

describe('what is sealed', () => {
  const text = '{"group":"nötes"}'
  const sealed = trust.seal(text, challenge, 'peer')

  test('is read by who knows the secret, asked with the challenge, and means the peer', () => {
    expect(new Trust(Buffer.alloc(32, 1)).unseal(sealed, challenge, 'peer')).toBe(text)
    expect(trust.unseal(trust.seal('', challenge, 'peer'), challenge, 'peer')).toBe('')
    expect(trust.seal(text, challenge, 'peer')).not.toBe(sealed)
  })

  test.each<[string, () => string | undefined]>([
    ['without the secret', () => stranger.unseal(sealed, challenge, 'peer')],
    ['with another challenge', () => trust.unseal(sealed, 'd'.repeat(43), 'peer')],
    ['as of another peer', () => trust.unseal(sealed, challenge, 'other')],
    ['where it was changed', () => trust.unseal(`${sealed.slice(0, -4)}AAAA`, challenge, 'peer')],
    ['where it was cut', () => trust.unseal(sealed.slice(0, -4), challenge, 'peer')],
    ['where there is nothing', () => trust.unseal('', challenge, 'peer')],
    ['where it is no base64', () => trust.unseal('é!', challenge, 'peer')],
  ])('is not read %s', (_, unseal) => {
    expect(unseal()).toBeUndefined()
  })
})

test('a challenge is 32 random bytes', () => {
  const challenges = new Set(Array.from({ length: 100 }, createChallenge))
  expect(challenges.size).toBe(100)
  for (const made of challenges) expect(made).toMatch(/^[A-Za-z0-9_-]{43}$/)
})
