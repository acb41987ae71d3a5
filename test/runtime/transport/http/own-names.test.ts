import { describe, expect, test } from 'vitest'
import { OwnNames } from '../../../../runtime/transport/http/own-names.js'

const at = (names: OwnNames, host: string): string[] => [...names.at({ host, port: 3010 })]

describe('a peer may be asked for', () => {
  const plain = new OwnNames({ advertise: undefined, names: [] }, 80)

  test.each([
    ['127.0.0.1', ['127.0.0.1:3010', 'localhost:3010']],
    ['::1', ['[::1]:3010', 'localhost:3010']],
    // Else somebody could pass on its proof for the caller's own loopback.
    ['192.0.2.2', ['192.0.2.2:3010']],
    ['fd00::2', ['[fd00::2]:3010']],
  ])('where a connection came to %s, as %j', (host, want) => {
    expect(at(plain, host)).toEqual(want)
  })

  test('also by its advertised address and the names of its machine', () => {
    const advertise = { host: '203.0.113.7', port: 13_010 }
    const named = new OwnNames({ advertise, names: ['notes.example'] }, 80)
    expect(at(named, '10.0.0.2')).toEqual(['10.0.0.2:3010', '203.0.113.7:13010', 'notes.example', 'notes.example:3010'])
    const local = { host: '10.0.0.2', port: 3010 }
    expect(named.findDialled('203.0.113.7:13010', local)).toEqual(advertise)
    expect(named.findDialled('10.0.0.2:3010', local)).toBe(local)
    // What a name means is decided elsewhere: nothing is proved for it.
    expect(named.findDialled('notes.example:3010', local)).toBe(local)
  })

  test('by its advertised address at the port that it is bound to, where no other is said', () => {
    const named = new OwnNames({ advertise: { host: 'fd00::7', port: undefined }, names: [] }, 80)
    expect(at(named, 'fd00::2')).toEqual(['[fd00::2]:3010', '[fd00::7]:3010'])
    expect(named.findDialled('[FD00::7]:3010', { host: 'fd00::2', port: 3010 })).toEqual({
      host: 'fd00::7',
      port: 3010,
    })
  })

  test.each([80, 443] as const)(
    'without a port where it is port %i, the usual one, which clients leave out',
    (port) => {
      const named = new OwnNames({ advertise: undefined, names: [] }, port)
      const forms = (host: string): string[] => [...named.at({ host, port })]
      expect(forms('127.0.0.1')).toEqual([`127.0.0.1:${port}`, '127.0.0.1', `localhost:${port}`, 'localhost'])
      expect(forms('fd00::2')).toEqual([`[fd00::2]:${port}`, '[fd00::2]'])
      expect(at(named, '10.0.0.2')).toEqual(['10.0.0.2:3010'])
    },
  )

  test('by its advertised address without a port, where that is the usual one', () => {
    const advertise = { host: '203.0.113.7', port: 443 }
    const named = new OwnNames({ advertise, names: [] }, 443)
    expect(at(named, '10.0.0.2')).toEqual(['10.0.0.2:3010', '203.0.113.7:443', '203.0.113.7'])
    const local = { host: '10.0.0.2', port: 3010 }
    expect(named.findDialled('203.0.113.7', local)).toEqual(advertise)
    expect(named.findDialled('203.0.113.7:443', local)).toEqual(advertise)
  })
})
