/** A live schema object of either generation of TypeBox: JSON Schema keywords, and TypeBox's marks beside them. */
export type LiveSchema = Readonly<Record<string, unknown>>

/** A part of a schema that is a schema, or undefined. */
export function readPart(schema: LiveSchema, keyword: string): LiveSchema | undefined {
  return asSchema(schema[keyword])
}

/** Takes a value for a schema where it is an object. */
export function asSchema(value: unknown): LiveSchema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as LiveSchema) : undefined
}

/** A list of schemas; empty where there is none. */
export function readList(schema: LiveSchema, keyword: string): readonly LiveSchema[] {
  const list = schema[keyword]
  return Array.isArray(list) ? (list as LiveSchema[]) : []
}

/** A table of schemas by name or pattern; empty where there is none. */
export function readTable(schema: LiveSchema, keyword: string): readonly (readonly [string, LiveSchema])[] {
  return Object.entries(readPart(schema, keyword) ?? {}) as [string, LiveSchema][]
}

/** A number, or undefined. */
export function readNumber(schema: LiveSchema, keyword: string): number | undefined {
  const value = schema[keyword]
  return typeof value === 'number' ? value : undefined
}

/**
 * What TypeBox marked: `kind`, `optional`, `codec`, `refine`. 1.x marks under strings such as `~kind`, 0.34 under symbols
 * such as `TypeBox.Kind`, of which every copy of the package has its own.
 */
export function readMark(schema: LiveSchema, name: 'kind' | 'optional' | 'codec' | 'refine'): unknown {
  if (Object.hasOwn(schema, `~${name}`)) return schema[`~${name}`]
  const symbol = Object.getOwnPropertySymbols(schema).find(({ description }) => description === OLDER_MARKS[name])
  return symbol && Reflect.get(schema, symbol)
}

const OLDER_MARKS = {
  kind: 'TypeBox.Kind',
  optional: 'TypeBox.Optional',
  codec: 'TypeBox.Transform',
  refine: 'TypeBox.Refine',
} as const
