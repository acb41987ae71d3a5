import { describe, expect, test } from 'vitest'
import {
  type NetworkEnvironment,
  type NetworkOptions,
  type NetworkSettings,
  readNetwork,
} from '../../../runtime/peer/network-options.js'

const nothing: NetworkEnvironment = {
  host: undefined,
  key: undefined,
  keyFile: undefined,
  advertise: undefined,
  names: [],
  origins: [],
  lan: false,
}
const defaults: NetworkSettings = {
  host: undefined,
  key: undefined,
  advertise: undefined,
  names: [],
  origins: [],
  tls: undefined,
  lan: false,
}
const key = 'sixteen letters.'
const text = { kind: 'text', text: key } as const
const read = (options: unknown, environment: Partial<NetworkEnvironment> = {}): NetworkSettings =>
  readNetwork(options as NetworkOptions, { ...nothing, ...environment })
const refusal = (message: string): unknown => expect.objectContaining({ code: 'invalid_argument', message })

describe('where a peer can be reached', () => {
  test.each<[unknown, Partial<NetworkEnvironment>, Partial<NetworkSettings>]>([
    [{}, {}, {}],
    [{ host: 'localhost' }, {}, {}],
    [{ host: '127.0.0.2' }, {}, { host: '127.0.0.2' }],
    [{ host: '0:0::1' }, {}, { host: '::1' }],
    [{ host: '::ffff:127.0.0.2' }, {}, { host: '127.0.0.2' }],
    [{ host: '::FFFF:0:0', key }, {}, { host: '0.0.0.0', key: text }],
    [{ advertise: '[::ffff:203.0.113.7]:80', key }, {}, { advertise: { host: '203.0.113.7', port: 80 }, key: text }],
    [{ host: '0.0.0.0', key }, {}, { host: '0.0.0.0', key: text }],
    [{ host: '::', key }, {}, { host: '::', key: text }],
    [{ host: 'FD00:0::2', keyFile: '/k' }, {}, { host: 'fd00::2', key: { kind: 'file', path: '/k' } }],
    [{}, { host: '192.0.2.2', key }, { host: '192.0.2.2', key: text }],
    [{}, { host: '192.0.2.2', keyFile: '/k' }, { host: '192.0.2.2', key: { kind: 'file', path: '/k' } }],
    [{ host: '127.0.0.1' }, { host: '0.0.0.0' }, { host: '127.0.0.1' }],
    [{ key }, { keyFile: '/k' }, { key: text }],
    [{ advertise: '203.0.113.7', key }, {}, { advertise: { host: '203.0.113.7', port: undefined }, key: text }],
    [{ advertise: '203.0.113.7:80', key }, {}, { advertise: { host: '203.0.113.7', port: 80 }, key: text }],
    [{ advertise: '[FD00::7]:80', key }, {}, { advertise: { host: 'fd00::7', port: 80 }, key: text }],
    [{ advertise: 'fd00::7', key }, {}, { advertise: { host: 'fd00::7', port: undefined }, key: text }],
    [{ lan: true, host: '0.0.0.0', key }, {}, { lan: true, host: '0.0.0.0', key: text }],
    [{ host: '0.0.0.0', key }, { lan: true }, { lan: true, host: '0.0.0.0', key: text }],
    [{ lan: false }, { lan: true }, {}],
    [{ names: ['Notes.Example', 'other'] }, { names: ['third'] }, { names: ['notes.example', 'other'] }],
    [{}, { names: ['third'] }, { names: ['third'] }],
    [
      { origins: ['https://a.example', 'http://[::1]:5173'] },
      {},
      { origins: ['https://a.example', 'http://[::1]:5173'] },
    ],
    [{}, { origins: ['http://localhost:5173'] }, { origins: ['http://localhost:5173'] }],
    [{ origins: [] }, { origins: ['http://localhost:5173'] }, {}],
  ])('%j over the environment %j', (options, environment, want) => {
    expect(read(options, environment)).toEqual({ ...defaults, ...want })
  })

  test.each(['0.0.0.0', '::', '192.0.2.2', 'fd00::2'])('needs a key at %s, which others can reach', (host) => {
    const wanted = refusal(
      `host "${host}" can be reached by others, and there is no key: set key (or NET_KEY) to a text of 16 characters or more ` +
        'that all peers of the group share',
    )
    expect(() => read({ host })).toThrow(wanted)
    expect(() => read({}, { host })).toThrow(wanted)
  })

  test('needs a key for an advertised address too, however it is bound', () => {
    expect(() => read({ advertise: '203.0.113.7:80' })).toThrow(
      refusal(
        'advertise "203.0.113.7" can be reached by others, and there is no key: set key (or NET_KEY) to a text of 16 characters or ' +
          'more that all peers of the group share',
      ),
    )
  })

  test.each<[unknown, string]>([
    ...['', 'notes.example', '1.2.3', '1.2.3.256', '01.2.3.4', '[::1]', 'fe80::1%eth0', ':', 5, null].map(
      (host): [unknown, string] => [
        { host },
        `host is ${JSON.stringify(host)}, expected an IP address of this machine, or 0.0.0.0 or :: for all of them`,
      ],
    ),
    [{ key, keyFile: '/k' }, 'key and keyFile are both set: set one of them'],
    [{ key: 5 }, 'key is no text'],
    [{ keyFile: '' }, 'keyFile is "", expected the path of a file'],
    ...['notes.example:80', '203.0.113.7:0', '203.0.113', 80, '0.0.0.0:80', '0.0.0.0', '[::]:80', '::ffff:0.0.0.0'].map(
      (advertise): [unknown, string] => [
        { advertise, key },
        `advertise is ${JSON.stringify(advertise)}, expected an IP address that others reach, or one and a port, such as 203.0.113.7:3010`,
      ],
    ),
    [
      { lan: true, key },
      'lan is on, and the peer would listen on loopback, where no other machine reaches it: set host (or NET_HOST) to 0.0.0.0, and a key',
    ],
    [{ lan: 1 }, 'lan is 1, expected true or false'],
    [{ names: 'notes' }, 'names is "notes", expected a list of host names without ports'],
    ...[
      '*',
      'null',
      'notes.example',
      'https://notes.example/',
      'https://Notes.example',
      'https://notes.example:443',
      'https://*.notes.example',
      'file://',
      '',
      5,
      null,
    ].map((origin): [unknown, string] => [
      { origins: ['https://good.example', origin] },
      `origins has ${JSON.stringify(origin)}, expected a list of origins as browsers write them, such as https://notes.example`,
    ]),
    [
      { origins: 'https://notes.example' },
      'origins has "https://notes.example", expected a list of origins as browsers write them, such as https://notes.example',
    ],
    [{ names: ['notes:80'] }, 'names is ["notes:80"], expected a list of host names without ports'],
  ])('is refused: %j', (options, message) => {
    expect(() => read(options)).toThrow(refusal(message))
  })

  test('is refused where the environment says both', () => {
    expect(() => read({}, { key, keyFile: '/k' })).toThrow(
      refusal('NET_KEY and NET_KEY_FILE are both set: set one of them'),
    )
  })
})
