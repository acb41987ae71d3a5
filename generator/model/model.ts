import type { Documentation } from '../source/source-index.js'
import type { BundledPlan } from './codecs/codec-plan.js'
import type { JsonSchema } from './json.js'
import type { TypeNode } from './type-node.js'

/** One value that travels: its TypeScript type and what checks it. */
export interface ValueModel {
  readonly type: TypeNode
  /** Self-contained: what it refers to stands in its `$defs`. */
  readonly schema: JsonSchema
  /** Where what travels differs from what the application has; absent: nowhere. */
  readonly codec?: BundledPlan
}

/** What a connection takes, or what it answers: one value, or each item of a stream. */
export interface PayloadModel extends ValueModel {
  readonly isStream: boolean
}

/** A type of the generated file: an exported schema, or a member of a recursive one. */
export interface NamedTypeModel {
  readonly name: string
  readonly type: TypeNode
  readonly documentation?: Documentation
}

/** A declared error of the schema, shared by the connections that name it. */
export interface ErrorModel {
  /** `DiskFull`. */
  readonly name: string
  /** `DiskFullError`. */
  readonly className: string
  readonly data: ValueModel
  readonly documentation?: Documentation
}

/** One connection. */
export interface ConnectionModel {
  readonly is: 'connection'
  readonly name: string
  /** The file of its checks, without folder and extension; no two of a schema are equal on a case-blind disk. */
  readonly fileName: string
  readonly tag: string
  readonly aliases: readonly string[]
  /** Absent: the call takes no input. */
  readonly input?: PayloadModel
  /** Absent: the call answers nothing. */
  readonly output?: PayloadModel
  /** In the order of the declaration. */
  readonly errors: readonly ErrorModel[]
  readonly idempotent: boolean
  /** Milliseconds; absent: the peer's default. */
  readonly timeoutMs?: number
  /** 22 characters. Equal digests mean equal wire formats. */
  readonly digest: string
  readonly documentation?: Documentation
}

/** One event. */
export interface EventModel {
  readonly is: 'event'
  readonly name: string
  /** As a connection's. */
  readonly fileName: string
  readonly tag: string
  readonly aliases: readonly string[]
  /** Absent: it says nothing but that it happened. */
  readonly payload?: ValueModel
  readonly delivery: 'live' | 'durable'
  /** As a connection's. */
  readonly digest: string
  readonly documentation?: Documentation
}

/** One flag. */
export interface FlagModel {
  readonly is: 'flag'
  readonly name: string
  /** As a connection's. */
  readonly fileName: string
  readonly tag: string
  /** Absent: it says nothing but itself. */
  readonly data?: ValueModel
  /** As a connection's. */
  readonly digest: string
  readonly documentation?: Documentation
}

/** What a schema file declares, one of it. */
export type DeclarationModel = ConnectionModel | EventModel | FlagModel

/** One schema file: all that the generated text is written from. */
export interface SchemaModel {
  readonly names: SchemaNames
  readonly types: readonly NamedTypeModel[]
  readonly errors: readonly ErrorModel[]
  /** In the order of the source, as events and flags are. */
  readonly connections: readonly ConnectionModel[]
  readonly events: readonly EventModel[]
  readonly flags: readonly FlagModel[]
  /** 22 characters, over all that is declared. */
  readonly digest: string
}

/** What is named after the schema file. */
export interface SchemaNames {
  /** The file's name without its extension: `my-notes`. */
  readonly baseName: string
  /** `myNotes`: the schema's name, and the descriptor's. */
  readonly descriptor: string
  /** `MyNotesHandlers`. */
  readonly handlers: string
  /** `MyNotesStub`. */
  readonly stub: string
}

/** All that a schema declares: connections, then events, then flags. */
export function listDeclarations({ connections, events, flags }: SchemaModel): readonly DeclarationModel[] {
  return [...connections, ...events, ...flags]
}

/** The values of a declaration that travel, by what they are called; none of a connection's errors is called like another of them. */
export function listValues(declaration: DeclarationModel): readonly (readonly [part: string, value: ValueModel])[] {
  const { is } = declaration
  if (is === 'event') return declaration.payload ? [['payload', declaration.payload]] : []
  if (is === 'flag') return declaration.data ? [['data', declaration.data]] : []
  const { input, output, errors } = declaration
  return [
    ...(input ? [['input', input] as const] : []),
    ...(output ? [['output', output] as const] : []),
    ...errors.map(({ name, data }) => [nameErrorPart(name), data] as const),
  ]
}

/** What a declared error's data is called among the values of its connection. */
export function nameErrorPart(errorName: string): string {
  return `error_${errorName}`
}
