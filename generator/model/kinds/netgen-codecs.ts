import type { LoadedValue, SchemaNode } from '../../load/loaded-schema.js'
import type { ScalarCodecName } from '../codecs/codec-plan.js'
import type { JsonSchema } from '../json.js'
import { CODEC_KEYWORD } from '../json-schema.js'
import { takeCount } from '../keywords/keyword-rule.js'
import { isObject } from '../loaded-value.js'
import { describeValue } from '../plain-value.js'
import { enterPart, type Position } from '../position.js'
import { createKeywordType, type TypeNode } from '../type-node.js'
import type { TypeReader } from '../type-reader.js'
import type { KindRule } from './kind-rule.js'

const PREFIX = 'netgen.'

/** The rules for what `date()`, `map()` and the others of netgen's vocabulary make, by the names that `nameKind` gives. */
export const NETGEN_CODECS: readonly (readonly [kind: string, rule: KindRule])[] = [
  ['netgen.date', createScalarRule('date', { kind: 'class', name: 'Date', parameters: [] })],
  ['netgen.bigint', createScalarRule('bigint', createKeywordType('bigint'))],
  ['netgen.bytes', createScalarRule('bytes', { kind: 'class', name: 'Uint8Array', parameters: [] })],
  ['netgen.url', createScalarRule('url', { kind: 'class', name: 'URL', parameters: [] })],
  ['netgen.map', createContainerRule(readMap)],
  ['netgen.set', createContainerRule(readSet)],
]

/** The name under which the rules for a schema stand: TypeBox's kind, or that of a codec of netgen's. */
export function nameKind(node: SchemaNode): string {
  const codec = readCodec(node)
  if (node.kind !== 'unsafe' || codec === undefined) return node.kind
  const name = codec.get('name')
  return PREFIX + (typeof name === 'string' ? name : describeValue(name))
}

/** What travels as a text; the vocabulary says which texts. */
function createScalarRule(name: ScalarCodecName, type: TypeNode): KindRule {
  return {
    limits: { minLength: takeCount, maxLength: takeCount },
    structure: [CODEC_KEYWORD, 'format', 'pattern'],
    read({ keywords }) {
      const format = keywords.get('format')
      const pattern = keywords.get('pattern')
      const texts = { ...(typeof format === 'string' && { format }), ...(typeof pattern === 'string' && { pattern }) }
      return { type, schema: { type: 'string', ...texts, [CODEC_KEYWORD]: name }, codec: { kind: name } }
    },
  }
}

function createContainerRule(read: KindRule['read']): KindRule {
  return { limits: { minItems: takeCount, maxItems: takeCount }, structure: [CODEC_KEYWORD, 'items'], read }
}

function readMap(...[node, position, reader]: Parameters<KindRule['read']>): ReturnType<KindRule['read']> {
  const key = readPart('key', node, position, reader)
  const value = readPart('value', node, position, reader)
  if (key === undefined || value === undefined) return undefined
  const pair: JsonSchema = { type: 'array', prefixItems: [key.schema, value.schema], items: false, minItems: 2 }
  return {
    type: { kind: 'class', name: 'Map', parameters: [key.type, value.type] },
    schema: { type: 'array', items: pair, [CODEC_KEYWORD]: 'map' },
    codec: { kind: 'map', key: key.codec, value: value.codec },
  }
}

function readSet(...[node, position, reader]: Parameters<KindRule['read']>): ReturnType<KindRule['read']> {
  const item = readPart('item', node, position, reader)
  if (item === undefined) return undefined
  return {
    type: { kind: 'class', name: 'Set', parameters: [item.type] },
    schema: { type: 'array', items: item.schema, [CODEC_KEYWORD]: 'set' },
    codec: { kind: 'set', item: item.codec },
  }
}

function readPart(
  part: string,
  node: SchemaNode,
  position: Position,
  reader: TypeReader,
): ReturnType<TypeReader['read']> {
  return reader.read(readCodec(node)?.get(part), enterPart(position, CODEC_KEYWORD, part))
}

function readCodec(node: SchemaNode): ReadonlyMap<string, LoadedValue> | undefined {
  const codec = node.keywords.get(CODEC_KEYWORD)
  return isObject(codec) ? codec.entries : undefined
}
