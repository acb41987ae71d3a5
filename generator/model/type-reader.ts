import type { LoadedValue, SchemaNode } from '../load/loaded-schema.js'
import type { Documentation } from '../source/source-index.js'
import type { PatternJudge } from './patterns/pattern-verdict.js'
import type { Position } from './position.js'
import type { Reporter } from './reporter.js'
import type { TypeReading } from './type-reading.js'

/** Reads schemas wherever they stand; what the rules for single kinds read their parts with. */
export interface TypeReader extends Reporter {
  /**
   * Reads a schema. Answers undefined where it, or something in it, was reported.
   *
   * @param modifiers Whether `Optional` and `Readonly` mean something here. Default: false, and they are reported.
   */
  read(value: LoadedValue | undefined, position: Position, modifiers?: 'allowed'): TypeReading | undefined
  /** Makes a member of a recursive type a named type, unless it is one already. */
  defineMember(name: string, value: LoadedValue, position: Position): void
  /** Whether the values at a place are the members of a TypeScript enum, which are more to the compiler than their values. */
  isEnum(position: Position): boolean
  readonly judgePattern: PatternJudge
  /** The documentation at a place: its comment, or else the description of the schema that stands there, if one is given. */
  document(position: Position, node?: SchemaNode): Documentation | undefined
}
