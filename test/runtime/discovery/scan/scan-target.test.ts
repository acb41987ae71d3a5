import { describe, expect, test } from 'vitest'
import { parseScanTarget } from '../../../../runtime/discovery/scan/scan-target.js'

describe('what is scanned', () => {
  test.each<[string, ReturnType<typeof parseScanTarget>]>([
    ['arp', { kind: 'arp' }],
    ['192.168.1.7', { kind: 'host', host: '192.168.1.7' }],
    ['FD00::0:7', { kind: 'host', host: 'fd00::7' }],
    ['::ffff:192.168.1.7', { kind: 'host', host: '192.168.1.7' }],
    ['Notes.Example', { kind: 'host', host: 'notes.example' }],
    ['192.168.1.7/32', { kind: 'range', hosts: ['192.168.1.7'] }],
    ['192.168.1.7/31', { kind: 'range', hosts: ['192.168.1.6', '192.168.1.7'] }],
    ['192.168.1.7/30', { kind: 'range', hosts: ['192.168.1.5', '192.168.1.6'] }],
  ])('%s', (text, want) => {
    expect(parseScanTarget(text)).toEqual(want)
  })

  test('is a range of 254 hosts at the most', () => {
    const target = parseScanTarget('192.168.1.7/24')
    const hosts = target?.kind === 'range' ? target.hosts : []
    expect([hosts.length, hosts[0], hosts.at(-1)]).toEqual([254, '192.168.1.1', '192.168.1.254'])
  })

  test.each([
    '',
    '192.168.1.7/23',
    '192.168.1.7/33',
    '10.0.0.0/8/8',
    'fd00::/64',
    'notes/24',
    '1.2.3',
    '1.2.3.256',
    'a b',
  ])('is not %j', (text) => {
    expect(parseScanTarget(text)).toBeUndefined()
  })
})
