import { packExports } from './pack-exports.js'

/** What the vocabulary has that nearly every schema file uses. */
interface Vocabulary {
  readonly Type: Record<
    'Object' | 'Array' | 'Union' | 'Literal' | 'Optional',
    (...values: readonly unknown[]) => object
  > &
    Record<'String' | 'Integer' | 'Boolean', (options?: object) => object>
  readonly connection: (declaration: object) => object
}

/** After 60, a schema file still takes a fifth longer; all of them take half a second. */
const MAX_ROUNDS = 250
const CONNECTIONS_PER_ROUND = 10

/**
 * Does, while a process waits for its task, what it will do then: V8 compiles what runs often, which takes it as long as running
 * a thousand connections. In rounds of a few milliseconds, and no longer than it is asked to.
 */
export async function warmUp(vocabulary: unknown, goesOn: () => boolean): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS && goesOn(); round++) {
    const names = Array.from({ length: CONNECTIONS_PER_ROUND }, (_, index) => `example${round}of${index}`)
    const exports = Object.fromEntries(names.map((name) => [name, declareExample(vocabulary as Vocabulary, name)]))
    packExports(exports, new Map())
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function declareExample({ Type, connection }: Vocabulary, name: string): object {
  const fields = {
    id: Type.String({ format: 'uuid' }),
    count: Type.Integer({ minimum: 0 }),
    kind: Type.Union([Type.Literal(name), Type.Literal('other')]),
    tags: Type.Optional(Type.Array(Type.String())),
  }
  const item = Type.Object({ [name]: Type.String(), ok: Type.Boolean() })
  return connection({
    input: Type.Object({ ...fields, inner: Type.Object(fields) }),
    output: Type.Object({ items: Type.Array(item), next: item }),
  })
}
