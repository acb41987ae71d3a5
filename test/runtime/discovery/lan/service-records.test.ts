import { describe, expect, test } from 'vitest'
import {
  isKnown,
  isQuestion,
  readAnnouncements,
  writeAnnouncement,
  writeKnown,
} from '../../../../runtime/discovery/lan/service-records.js'

const peer = { id: '0123456789abcdef', host: '10.77.0.2', port: 3010, fingerprint: 'fedcba9876543210' }
const records = writeAnnouncement(peer)

describe('an announcement', () => {
  test('is four records of DNS-SD', () => {
    const instance = '0123456789abcdef._netgen._tcp.local'
    expect(records).toEqual([
      { name: '_netgen._tcp.local', type: 'PTR', ttl: 120, data: instance },
      { name: instance, type: 'SRV', ttl: 120, data: { port: 3010, target: '0123456789abcdef.local' } },
      { name: instance, type: 'TXT', ttl: 120, data: ['txtvers=1', 'key=fedcba9876543210'] },
      { name: '0123456789abcdef.local', type: 'A', ttl: 120, data: '10.77.0.2' },
    ])
    expect(readAnnouncements(records)).toEqual([peer])
  })

  test('is read with texts as bytes, in any order, beside what is not meant', () => {
    const bytes = records.map((record) =>
      record.type === 'TXT' ? { ...record, data: record.data.map((text) => Buffer.from(text)) } : record,
    )
    const noise = [null, 5, {}, { name: 'x', type: 'SRV', ttl: 1 }, { name: 'x', type: 'NSEC', ttl: 1, data: {} }]
    expect(readAnnouncements([...noise, ...bytes.reverse()])).toEqual([peer])
  })

  test.each<[string, unknown[]]>([
    ['of one who leaves', writeAnnouncement(peer, true)],
    ['without an address', records.slice(0, 3)],
    ['without a key', records.filter(({ type }) => type !== 'TXT')],
    ['of no peer', writeAnnouncement({ ...peer, id: 'a printer' })],
    ['of another service', records.map((record) => ({ ...record, name: record.name.replace('netgen', 'http') }))],
    ['at no port', writeAnnouncement({ ...peer, port: 0 })],
    [
      'at a port that is no number',
      records.map((record) => (record.type === 'SRV' ? { ...record, data: {} } : record)),
    ],
  ])('says nothing %s', (_, wrong) => {
    expect(readAnnouncements(wrong)).toEqual([])
  })

  test('of thousands is read as far as one packet goes', () => {
    const many = Array.from({ length: 2_000 }, (_, index) =>
      writeAnnouncement({ ...peer, id: index.toString(16).padStart(16, '0') }),
    )
    expect(readAnnouncements(many.flat())).toHaveLength(64)
  })

  test('is the first of those with one name', () => {
    const [, service, text, address] = writeAnnouncement({ ...peer, host: '10.77.0.9', port: 1, fingerprint: 'other' })
    const more = [service, text, address].flatMap((record) => Array.from({ length: 60 }, () => record))
    expect(readAnnouncements([...records, ...more])).toEqual([peer])
  })

  test('takes time that grows with its records, and not with their square', () => {
    const [pointer, , ...rest] = records
    const crowd = (count: number): unknown[] =>
      Array.from({ length: count }, (_, index) => [
        { ...pointer, type: 'SRV', name: `${index}._netgen._tcp.local`, data: { port: 1, target: 'x.local' } },
        ...rest.map((record) => ({ ...record, name: 'x.local' })),
      ]).flat()
    const measure = (count: number): number => {
      const packet = crowd(count)
      const startedAtMs = performance.now()
      for (let round = 0; round < 200; round++) readAnnouncements(packet)
      return performance.now() - startedAtMs
    }
    measure(1_000)
    const ratios = Array.from({ length: 9 }, () => measure(1_300) / measure(85)).sort((left, right) => left - right)
    // Both are read as far as one packet goes: 256 records.
    expect(ratios[4]).toBeLessThan(4)
  })
})

describe('a question', () => {
  test.each<[unknown, boolean]>([
    [{ name: '_netgen._tcp.local', type: 'PTR' }, true],
    [{ name: '_NetGen._tcp.local', type: 'ANY' }, true],
    [{ name: '_netgen._tcp.local', type: 'A' }, false],
    [{ name: '_http._tcp.local', type: 'PTR' }, false],
    [null, false],
  ])('%j asks for peers: %s', (question, want) => {
    expect(isQuestion([question])).toBe(want)
  })

  test('says who need not answer', () => {
    const known = writeKnown([peer.id])
    expect(isKnown(peer.id, known)).toBe(true)
    expect(isKnown('ffffffffffffffff', [...known, null, 5])).toBe(false)
  })
})
