import { describe, expect, test } from 'vitest'
import { checkVersions, OWN_VERSIONS, readVersions } from '../../../runtime/transport/protocol-versions.js'
import { VERSION } from '../../../runtime/version.js'

const address = { host: '127.0.0.1', port: 3010 }

describe('the versions of the protocol', () => {
  test.each<[string, number[]]>([
    ['the same', [1]],
    ['this one too', [3, 2, 1]],
  ])('fit where the other peer speaks %s', (_, protocol) => {
    expect(() => checkVersions(address, { netgen: '3.0.0', protocol })).not.toThrow()
  })

  test.each<[string, string, number[], string]>([
    ['newer', '2.0.0', [2], `127.0.0.1:3010 speaks version 2 of netgen's protocol (netgen "2.0.0"), HERE here`],
    [
      'several newer',
      '3.1.0',
      [2, 3],
      `127.0.0.1:3010 speaks version 2, 3 of netgen's protocol (netgen "3.1.0"), HERE here`,
    ],
    ['older', '0.0.1', [0], `127.0.0.1:3010 speaks version 0 of netgen's protocol (netgen "0.0.1"), HERE there`],
  ])('are named where the other peer speaks only %s ones, with the side to update', (_, netgen, protocol, message) => {
    const here = `this peer version 1 (netgen "${VERSION}"): update netgen`
    expect(() => checkVersions(address, { netgen, protocol })).toThrow(
      expect.objectContaining({
        code: 'failed_precondition',
        maybeExecuted: false,
        message: message.replace('HERE', here),
      }),
    )
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', '1'],
    ['no list', { netgen: '1.0.0', protocol: 1 }],
    ['an empty list', { netgen: '1.0.0', protocol: [] }],
    ['no numbers', { netgen: '1.0.0', protocol: ['1'] }],
    ['no version of netgen', { protocol: [1] }],
  ])('are not read from %s', (_, value) => {
    expect(readVersions(value)).toBeUndefined()
  })

  test('are read as they are written', () => {
    expect(readVersions(JSON.parse(JSON.stringify(OWN_VERSIONS)))).toEqual({ netgen: VERSION, protocol: [1] })
  })
})
