import { isEqualData } from './is-equal-data.js'
import { type DeclarationModel, listDeclarations, type SchemaModel } from './model.js'
import { createValueMemory, type ValueMemory } from './value-memory.js'

/** What each schema file declared when it was last built. */
export interface ModelMemory {
  /**
   * Puts the objects of the last build in the place of declarations that did not change: what was compiled and printed of one is
   * kept by its object. Comparing one takes 20 µs, printing it 200.
   */
  recall(file: string, model: SchemaModel): SchemaModel
  /** The values of a file's declarations. */
  values(file: string): ValueMemory
}

/** Creates a memory of nothing. It holds the last model of each file, and no older one. */
export function createModelMemory(): ModelMemory {
  const files = new Map<string, ReadonlyMap<string, DeclarationModel>>()
  const values = new Map<string, ValueMemory>()
  return {
    values: (file) => {
      const memory = values.get(file) ?? createValueMemory()
      values.set(file, memory)
      return memory
    },
    recall: (file, model) => {
      const before = files.get(file)
      const recall = <Model extends DeclarationModel>(current: Model): Model => {
        const known = before?.get(current.name)
        // Equal data is of one kind.
        return known !== undefined && isEqualData(known, current) ? (known as Model) : current
      }
      const { connections, events, flags } = model
      const recalled = {
        ...model,
        connections: connections.map(recall),
        events: events.map(recall),
        flags: flags.map(recall),
      }
      files.set(file, new Map(listDeclarations(recalled).map((declaration) => [declaration.name, declaration])))
      return recalled
    },
  }
}
