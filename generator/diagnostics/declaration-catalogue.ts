/** NG2: what connections, events and flags declare. */
export const DECLARATION_CATALOGUE = {
  NG2001: {
    severity: 'error',
    title: 'nothing declared',
    explanation:
      'A schema file that exports no connection(), event() or flag() would generate nothing that does anything. Types alone belong into a file that a schema file imports.',
    wrong: 'export const Note = Type.Object({ id: Type.String() })',
    right: `export const Note = Type.Object({ id: Type.String() })
export const save = connection({ input: Note })`,
  },
  NG2002: {
    severity: 'error',
    title: 'unknown key in a declaration',
    explanation:
      'connection() knows input, output, errors, tag, aliases, idempotent and timeoutMs; event() knows payload, delivery, tag and aliases; flag() knows data and tag. Anything else would be ignored, so it is refused.',
    wrong: 'export const save = connection({ inputs: Type.String() })',
    right: 'export const save = connection({ input: Type.String() })',
  },
  NG2003: {
    severity: 'error',
    title: 'not a schema',
    explanation:
      'Input, output, payload and data are TypeBox schemas: what the functions of Type give. Plain JSON Schema has no TypeScript type, so it is not taken.',
    wrong: `export const save = connection({ input: { type: 'string' } })`,
    right: 'export const save = connection({ input: Type.String() })',
  },
  NG2004: {
    severity: 'error',
    title: 'not a declaration',
    explanation:
      'connection(), event() and flag() take one object, written out: connection({ input, output }), event({ payload }), flag({ data }).',
    wrong: 'export const ping = connection()',
    right: 'export const ping = connection({})',
  },
  NG2005: {
    severity: 'error',
    title: 'bad tag',
    explanation:
      'A tag is the name on the wire: any text of 1 to 512 bytes in UTF-8, without lone surrogates, which UTF-8 cannot hold.',
    wrong: `export const save = connection({ tag: '' })`,
    right: `export const save = connection({ tag: 'notes.save' })`,
  },
  NG2006: {
    severity: 'error',
    title: 'reserved tag',
    explanation: "Tags that begin with netgen. belong to netgen's own connections and flags.",
    wrong: `export const save = connection({ tag: 'netgen.save' })`,
    right: `export const save = connection({ tag: 'notes.save' })`,
  },
  NG2007: {
    severity: 'error',
    title: 'tag used twice',
    explanation:
      'A tag or alias leads to one connection, one event or one flag. Two that share one could not be told apart on the wire.',
    wrong: `export const save = connection({ tag: 'notes.save' })
export const keep = connection({ tag: 'notes.save' })`,
    right: `export const save = connection({ tag: 'notes.save' })
export const keep = connection({ tag: 'notes.keep' })`,
  },
  NG2008: {
    severity: 'error',
    title: 'bad aliases',
    explanation: 'Aliases are older tags that are answered too: an array of tags.',
    wrong: `export const save = connection({ aliases: 'notes.keep' })`,
    right: `export const save = connection({ aliases: ['notes.keep'] })`,
  },
  NG2009: {
    severity: 'error',
    title: 'bad idempotent',
    explanation: 'idempotent says whether a call may safely run more than once: true or false.',
    wrong: `export const save = connection({ idempotent: 'yes' })`,
    right: 'export const save = connection({ idempotent: true })',
  },
  NG2010: {
    severity: 'error',
    title: 'bad timeout',
    explanation:
      'timeoutMs is how long a call may take: a whole number of milliseconds from 1 to 2,147,483,647, the longest that a timer can wait.',
    wrong: 'export const save = connection({ timeoutMs: 0.5 })',
    right: 'export const save = connection({ timeoutMs: 500 })',
  },
  NG2011: {
    severity: 'error',
    title: 'bad errors',
    explanation: 'errors is an object: the name of each declared error, with the schema of its data.',
    wrong: `export const save = connection({ errors: ['DiskFull'] })`,
    right: 'export const save = connection({ errors: { DiskFull: Type.Object({ freeBytes: Type.Integer() }) } })',
  },
  NG2012: {
    severity: 'error',
    title: 'error declared twice with different data',
    explanation:
      'A declared error becomes one class of the schema, shared by all connections that name it, so its data has one type.',
    wrong: `export const save = connection({ errors: { Locked: Type.Object({ by: Type.String() }) } })
export const keep = connection({ errors: { Locked: Type.Object({ since: Type.Integer() }) } })`,
    right: `const Lock = Type.Object({ by: Type.String() })
export const save = connection({ errors: { Locked: Lock } })
export const keep = connection({ errors: { Locked: Lock } })`,
  },
  NG2013: {
    severity: 'error',
    title: 'misplaced stream',
    explanation:
      'A stream is the whole input or the whole output of a connection: its items travel one after the other, each a value of its own. No value holds one: no type, no data of an error or a flag, no payload of an event, and no item of another stream.',
    wrong: `import { stream } from 'netgen/schema'
export const list = connection({ output: Type.Object({ names: stream(Type.String()) }) })`,
    right: `import { stream } from 'netgen/schema'
export const list = connection({ output: stream(Type.String()) })`,
  },
  NG2014: {
    severity: 'error',
    title: 'bad delivery',
    explanation:
      "delivery says what is promised of an event: 'live', at most once to those who are subscribed while it is emitted, or 'durable', at least once, which takes an engine.",
    wrong: `import { event } from 'netgen/schema'
export const saved = event({ delivery: 'once' })`,
    right: `import { event } from 'netgen/schema'
export const saved = event({ delivery: 'live' })`,
  },
} as const
