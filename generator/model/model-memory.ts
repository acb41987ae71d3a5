import { isEqualData } from './is-equal-data.js'
import type { ConnectionModel, SchemaModel } from './model.js'
import { createValueMemory, type ValueMemory } from './value-memory.js'

/** The connections of each schema file as they were last built. */
export interface ModelMemory {
  /**
   * Puts the objects of the last build in the place of connections that did not change: what was compiled and printed of a
   * connection is kept by its object. Comparing one takes 20 µs, printing it 200.
   */
  recall(file: string, model: SchemaModel): SchemaModel
  /** The values of a file's connections. */
  values(file: string): ValueMemory
}

/** Creates a memory of nothing. It holds the last model of each file, and no older one. */
export function createModelMemory(): ModelMemory {
  const files = new Map<string, ReadonlyMap<string, ConnectionModel>>()
  const values = new Map<string, ValueMemory>()
  return {
    values: (file) => {
      const memory = values.get(file) ?? createValueMemory()
      values.set(file, memory)
      return memory
    },
    recall: (file, model) => {
      const before = files.get(file)
      const connections = model.connections.map((connection) => {
        const known = before?.get(connection.name)
        return known !== undefined && isEqualData(known, connection) ? known : connection
      })
      files.set(file, new Map(connections.map((connection) => [connection.name, connection])))
      return { ...model, connections }
    },
  }
}
