import { describe, expect, test } from 'vitest'
import { isWildcard, parseAddress, parseIP, unmapIPv4 } from '../../../runtime/api/address.js'

describe('an address', () => {
  test.each([
    ['127.0.0.1:3010', '127.0.0.1', 3010],
    ['[FD00:0:0::0002]:1', 'fd00::2', 1],
    ['Notes.Example:65535', 'notes.example', 65_535],
    ['[::ffff:127.0.0.1]:1', '127.0.0.1', 1],
    ['[::FFFF:c000:202]:1', '192.0.2.2', 1],
  ])('is read in one form: %s', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port })
  })

  test.each(['[::g]:1', '[:::]:1', '[1.2.3.4]:1', '[fe80::1%eth0]:1', 'a:0', 'a:65536', 'a', '::1:80'])(
    'is not %s',
    (text) => {
      expect(parseAddress(text)).toBeUndefined()
    },
  )
})

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['FD00::0:1', 'fd00::1'],
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['0:0:0:0:0:FFFF:7F00:1', '127.0.0.1'],
  ['::ffff:0:0', '0.0.0.0'],
  ['::ffff:1.2.3.256', undefined],
  ['010.0.0.1', undefined],
  ['10.0.0', undefined],
  ['10.0.0.256', undefined],
  ['notes', undefined],
  ['', undefined],
])('%j as an IP address is %j', (text, want) => {
  expect(parseIP(text)).toBe(want)
})

test.each([
  ['::ffff:192.0.2.2', '192.0.2.2'],
  ['::FFFF:192.0.2.2', '192.0.2.2'],
  ['::ffff:c000:202', '192.0.2.2'],
  ['::ffff:192.0.2.2.example', '::ffff:192.0.2.2.example'],
  ['64:ff9b::192.0.2.2', '64:ff9b::192.0.2.2'],
  ['::1', '::1'],
  ['192.0.2.2', '192.0.2.2'],
])('%s names the socket end %s', (host, want) => {
  expect(unmapIPv4(host)).toBe(want)
})

test.each([
  ['0.0.0.0', true],
  ['::', true],
  ['127.0.0.1', false],
])('%s means all addresses: %s', (host, want) => {
  expect(isWildcard(host)).toBe(want)
})
