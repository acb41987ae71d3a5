import type { SchemaNode } from '../load/loaded-schema.js'
import type { Documentation, SourceIndex } from '../source/source-index.js'
import type { CodecDraft } from './codecs/codec-draft.js'
import { type CodecTable, createCodecTable } from './codecs/create-codec-table.js'
import { describeMissingSchema } from './describe-missing-schema.js'
import { canonicalizeJson, type JsonSchema } from './json.js'
import { referTo } from './json-schema.js'
import { isSchema, isStream } from './loaded-value.js'
import type { NamedTypeModel } from './model.js'
import { createNamedTypes } from './named-types.js'
import { findTypeNameFault } from './names/type-name.js'
import { createPatternJudge } from './patterns/create-pattern-judge.js'
import type { PatternJudge } from './patterns/pattern-verdict.js'
import { createPosition, type Position } from './position.js'
import { readNode } from './read-node.js'
import { createReadingMemory, type ReadingMemory, type Recall } from './reading-memory.js'
import type { Reporter } from './reporter.js'
import type { TypeReader } from './type-reader.js'
import type { TypeReading } from './type-reading.js'

/** The named types of a schema file, and the reader that refers to them. */
export interface Definitions {
  readonly reader: TypeReader
  /** In the order of the source, members of recursive types before the export that brought them. */
  readonly types: readonly NamedTypeModel[]
  /** The JSON Schemas of the named types, by name. */
  readonly schemas: ReadonlyMap<string, JsonSchema>
  /** Where the named types stand, by name. */
  readonly positions: ReadonlyMap<string, Position>
  readonly codecs: CodecTable
  /** Recalls what the last build read. */
  readonly recall: Recall
}

interface Definition {
  readonly node: SchemaNode
  /** Undefined where it was reported. */
  readonly reading: TypeReading | undefined
  readonly documentation: Documentation | undefined
}

/**
 * Reads every exported schema, and makes it a named type.
 *
 * @param memory What the last build read. Default: nothing.
 * @param countEffects How often something was done so far that a recalled reading would not do again, besides reporting and
 * defining. Default: never.
 * @param judgePattern Default: one that remembers nothing for other builds.
 */
export function readDefinitions(
  exports: ReadonlyMap<string, SchemaNode>,
  reporter: Reporter,
  index: SourceIndex,
  memory: ReadingMemory = createReadingMemory(),
  countEffects: () => number = () => 0,
  judgePattern: PatternJudge = createPatternJudge(),
): Definitions {
  let members = 0
  const named = createNamedTypes(exports)
  const definitions = new Map<string, Definition>()
  const schemas = new Map<string, JsonSchema>()
  const positions = new Map<string, Position>()
  const drafts = new Map<string, CodecDraft>()
  const define = (name: string, position: Position, definition: Definition): void => {
    definitions.set(name, definition)
    positions.set(name, position)
    if (definition.reading === undefined) return
    schemas.set(name, definition.reading.schema)
    if (definition.reading.codec !== undefined) drafts.set(name, definition.reading.codec)
  }

  const reader: TypeReader = {
    get diagnostics() {
      return reporter.diagnostics
    },
    get reports() {
      return reporter.reports
    },
    report: reporter.report,
    document: (position, node) => documentNode(position, node, index),
    judgePattern,
    isEnum: ({ exportName, path }) => index.isEnum(exportName, path),
    read(value, position, modifiers) {
      if (isStream(value)) {
        const finding = 'is a stream, which can only be the whole input or output of a connection'
        reporter.report('NG2013', position, finding, 'write stream(...) there, or use Type.Array(...) here')
        return undefined
      }
      if (!isSchema(value)) {
        const missing = describeMissingSchema(value, 'use a function of Type, such as Type.Object({ ... })')
        reporter.report('NG3004', position, missing.finding, missing.remedy)
        return undefined
      }
      if (modifiers !== 'allowed') reportModifiers(value, position, reporter)
      const found = named.find(value)
      if (found === undefined) return readNode(value, undefined, position, reader)
      const reference = { kind: 'reference', name: found.name } as const
      if (found.sameChecks) return { type: reference, schema: referTo(found.name), codec: reference }
      const reading = readNode(value, found.name, position, reader)
      return reading && { ...reading, type: reference }
    },
    defineMember(name, value, position) {
      members += 1
      if (!isSchema(value)) {
        reader.read(value, position)
        return
      }
      const exported = named.get(name)
      if (exported !== undefined && exported.keywords.get('$ref') !== name) {
        reportTaken(name, position, reporter)
        return
      }
      const before = definitions.get(name)
      if (before?.node === value) return
      const reading = readNode(value, name, { ...position, around: [] }, reader)
      if (before === undefined) {
        reportTypeName(name, position, reporter)
        define(name, position, { node: value, reading, documentation: reader.document(position, value) })
      } else if (!areSame(before.reading, reading)) reportTaken(name, position, reporter)
    },
  }

  for (const [name, node] of exports) {
    const position = createPosition(name)
    reportTypeName(name, position, reporter)
    const reading = readNode(node, name, position, reader)
    // `export const Node = Type.Cyclic({ Node: ... }, 'Node')` is its own member, which was defined on the way.
    if (reading?.type.kind === 'reference' && reading.type.name === name) continue
    define(name, position, { node, reading, documentation: reader.document(position, node) })
  }

  return {
    reader,
    get types() {
      return [...definitions].flatMap(([name, { reading, documentation }]) =>
        reading === undefined ? [] : [{ name, type: reading.type, ...(documentation && { documentation }) }],
      )
    },
    schemas,
    positions,
    codecs: createCodecTable(drafts, schemas, reporter.report),
    recall: memory.begin(exports, index, () => reporter.reports + members + countEffects()),
  }
}

function documentNode(position: Position, node: SchemaNode | undefined, index: SourceIndex): Documentation | undefined {
  const { documentation } = index.find(position.exportName, position.path)
  const description = node?.keywords.get('description')
  const isDeprecated = node?.keywords.get('deprecated') === true
  if (documentation === undefined && typeof description !== 'string' && !isDeprecated) return undefined
  const text = documentation?.text ?? (typeof description === 'string' ? description : '')
  const deprecated = documentation?.deprecated ?? (isDeprecated ? '' : undefined)
  return { text, ...(deprecated !== undefined && { deprecated }) }
}

function reportModifiers(node: SchemaNode, position: Position, reporter: Reporter): void {
  const modifiers = [...(node.optional ? ['Type.Optional'] : []), ...(node.readonly ? ['Type.Readonly'] : [])]
  for (const modifier of modifiers) {
    reporter.report('NG3008', position, `has ${modifier}, which means nothing here`, `leave ${modifier} out`)
  }
}

function reportTypeName(name: string, position: Position, reporter: Reporter): void {
  const fault = findTypeNameFault(name)
  if (fault !== undefined) reporter.report('NG4002', position, fault, 'give the type another name')
}

function reportTaken(name: string, position: Position, reporter: Reporter): void {
  const finding = `is a recursive type named ${JSON.stringify(name)}, as another type of this file is`
  reporter.report('NG4006', position, finding, 'give one of the two another name')
}

/** Whether two readings of one name check the same. Where one was reported, nothing more is said. */
function areSame(left: TypeReading | undefined, right: TypeReading | undefined): boolean {
  if (left === undefined || right === undefined) return true
  return canonicalizeJson(left.schema) === canonicalizeJson(right.schema)
}
