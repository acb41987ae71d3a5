/** Inputs that the target takes, by the tag of what takes them. */
export const INPUTS: readonly (readonly [tag: string, inputs: readonly unknown[]])[] = [
  [
    'schema.keep',
    [
      {
        id: 'box-17',
        count: 3,
        price: 0.5,
        note: 'fragile \u{1f4e6}',
        mail: 'a.b@example.org',
        labels: ['red', 'blue'],
        place: [48.2, -16.4],
        form: { shape: 'circle', radius: 2 },
        extras: { open: true, 'to be sent': null },
      },
      {
        id: 'a-1',
        count: 1_000,
        price: 1e300,
        mail: 'x@y',
        labels: [],
        place: [0, 1e-7],
        form: { shape: 'square', side: 0 },
        extras: {},
      },
    ],
  ],
  [
    'schema.convert',
    [
      {
        at: '2026-03-01T12:00:00.000Z',
        size: '-12345678901234567890',
        data: 'aGVsbG8=',
        ages: [
          ['Ada', 36],
          ['Bo', 7],
        ],
        tags: ['a', 'b'],
      },
    ],
  ],
  [
    'schema.climb',
    [
      { name: 'root', branches: [{ name: 'left', branches: [] }] },
      Array.from({ length: 30 }).reduce<object>((inner) => ({ name: 'b', branches: [inner] }), {
        name: 'tip',
        branches: [],
      }),
    ],
  ],
  ['schema.count', [0, 7, 100]],
]

/** What belongs to JSON, and where readers of JSON go wrong. */
export const JSON_WORDS: readonly string[] = [
  '{',
  '}',
  '[',
  ']',
  '[[[[[[[[[[[[[[[[',
  '{"a":{"a":{"a":',
  ',',
  ':',
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  '"__proto__":{"polluted":1},',
  '"\\u005f_proto__":{"polluted":1},',
  '"constructor":{"prototype":{"polluted":1}},',
  '"toString":1,',
  'null',
  'true',
  'NaN',
  '1e999',
  '-0',
  '9007199254740993',
  '0.1e-400',
  '\u0000',
  '\u00ef\u00bb\u00bf',
  '\u00ff\u00fe',
  '\u00ed\u00a0\u0080',
  '\u00c0\u00af',
  '\n',
  ' ',
]
