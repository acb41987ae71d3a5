import { serialize } from 'node:v8'
import type { ConnectionModel, SchemaModel } from './model.js'

/** The connections of each schema file as they were last built. */
export interface ModelMemory {
  /**
   * Puts the objects of the last build in the place of connections that did not change: what was compiled and printed of a
   * connection is kept by its object. Comparing one takes 20 µs, printing it 200.
   */
  recall(file: string, model: SchemaModel): SchemaModel
}

interface Remembered {
  readonly content: Buffer
  readonly connection: ConnectionModel
}

/** Creates a memory of nothing. It holds the last model of each file, and no older one. */
export function createModelMemory(): ModelMemory {
  const files = new Map<string, ReadonlyMap<string, Remembered>>()
  return {
    recall: (file, model) => {
      const before = files.get(file)
      const now = new Map<string, Remembered>()
      for (const connection of model.connections) {
        const content = serialize(connection)
        const known = before?.get(connection.name)
        now.set(connection.name, known?.content.equals(content) ? known : { content, connection })
      }
      files.set(file, now)
      return { ...model, connections: [...now.values()].map(({ connection }) => connection) }
    },
  }
}
