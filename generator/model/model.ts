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

/** One schema file: all that the generated text is written from. */
export interface SchemaModel {
  readonly names: SchemaNames
  readonly types: readonly NamedTypeModel[]
  readonly errors: readonly ErrorModel[]
  /** In the order of the source. */
  readonly connections: readonly ConnectionModel[]
  /** 22 characters, over all connections. */
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
