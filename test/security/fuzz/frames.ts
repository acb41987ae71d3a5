import { INPUTS } from './bodies.js'

/** A WebSocket's frame (RFC 6455, 5.2) as a client writes it, with a mask of zeros. */
export function writeFrame(payload: string | Buffer, { opcode = 1, isFinal = true } = {}): Buffer {
  const bytes = Buffer.from(payload)
  const { length } = bytes
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  head[0] = (isFinal ? 0x80 : 0) | opcode
  if (length < 126) head[1] = 0x80 | length
  else if (length < 65_536) {
    head[1] = 0x80 | 126
    head.writeUInt16BE(length, 2)
  } else {
    head[1] = 0x80 | 127
    head.writeBigUInt64BE(BigInt(length), 2)
  }
  return Buffer.concat([head, Buffer.alloc(4), bytes])
}

/** The first line of a peer that dials. */
export const HELLO: string = JSON.stringify([
  0,
  {
    id: '0123456789abcdef',
    group: 'notes',
    hub: false,
    host: '127.0.0.1',
    port: 3010,
    versions: { netgen: '0.1.0', protocol: 1 },
    limits: { inFlight: 1_024, messageBytes: 1_048_576 },
    schemas: { schema: 'e0pkbr4B6wk7DnMU9W2L54' },
  },
])

/** Lines that a dialer may send after its hello: each kind of message, right in itself. */
export function listLines(): string[] {
  const calls = INPUTS.flatMap(([tag, inputs]) =>
    inputs.map((input) =>
      tag === 'schema.count' ? [1, 1, tag, 1_000, input, { credit: [8, 4_096] }] : [1, 1, tag, 1_000, input],
    ),
  )
  const error = { code: 'internal', type: 'Error', message: 'no', maybeExecuted: true }
  const others = [
    [1, 3, 'schema.keep', 1_000, INPUTS[0]?.[1][0], { callId: 'abc-1', metadata: { traceparent: '00-0-0-01' } }],
    [1, 1, 'schema.sum', 1_000, null, { items: true }],
    [1, 1, 'netgen.info', 1_000, null],
    [2, 2, { some: 'output' }],
    [3, 2, error],
    [4, 1],
    [5, 1, 7],
    [6, 1, 16, 65_536],
    [7, 1],
    [8, 'the peer is closing'],
    [9, 1, 'schema.kept'],
    [10, 1, 1, 1_772_000_000_000, INPUTS[0]?.[1][1]],
    [13, 1, 2, 1_772_000_000_000, [INPUTS[0]?.[1][1], null]],
    [11, 2, { flag: 'schema.busy', data: null }],
    [12, 1, 1, error],
  ]
  return [...calls, ...others].map((message) => JSON.stringify(message))
}

/** A stream with its items, in one frame and in several. */
export function listTalks(): Buffer[] {
  const talk = ['[1,1,"schema.sum",1000,null,{"items":true}]', '[5,1,1]', '[5,1,2]', '[7,1]', '[4,1]']
  const [first = '', second = ''] = [talk.join('\n').slice(0, 30), talk.join('\n').slice(30)]
  const parts = [
    writeFrame(first, { isFinal: false }),
    writeFrame('', { opcode: 9 }),
    writeFrame(second, { opcode: 0 }),
    writeFrame('\u0003\u00e8', { opcode: 8 }),
  ]
  return [writeFrame(talk.join('\n')), Buffer.concat(talk.map((line) => writeFrame(line))), Buffer.concat(parts)]
}

/** What belongs to sessions, and where readers go wrong. */
export const SESSION_WORDS: readonly string[] = [
  '\n',
  '[1,',
  '[1,5,"schema.keep",1000,',
  '[4,1]\n',
  '[5,1,',
  '[6,1,1048577,1]\n',
  '[7,1]\n',
  '[8,""]\n',
  '[9,3,"schema.kept"]\n',
  '[0,{}]\n',
  '{"credit":[1,1]}',
  '{"items":true}',
  '{"callId":"a"}',
  '{"metadata":{"__proto__":"x"}}',
  '"constructor"',
  '"toString"',
  '"then"',
  'null',
  '9007199254740993',
  '-1',
  '1e400',
  '\u0081\u0080\0\0\0\0',
  '\u0001\u0081\0\0\0\0[',
  '\u0080\u0080\0\0\0\0',
  '\u0082\u0081\0\0\0\0x',
  '\u0088\u0082\0\0\0\0\u0003\u00e7',
  '\u0089\u00fe\0\u007e\0\0\0\0',
  '\u0081\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\0\0\0\0',
  '\u00c1\u0081\0\0\0\0x',
  '\u0081\u0001x',
]
