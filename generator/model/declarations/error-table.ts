import type { Documentation } from '../../source/source-index.js'
import { digestShape } from '../digest-shape.js'
import type { ErrorModel, ValueModel } from '../model.js'
import { findErrorNameFault, nameErrorClass } from '../names/error-name.js'
import { describePosition, type Position } from '../position.js'
import type { Reporter } from '../reporter.js'

/** The declared errors of a schema file: one class each, shared by all connections that name them. */
export interface ErrorTable {
  readonly errors: readonly ErrorModel[]
  /** How often anything was added, the same again included. */
  readonly additions: number
  /** Adds an error that a connection declares. Answers undefined where it was reported. */
  add(
    name: string,
    data: ValueModel,
    documentation: Documentation | undefined,
    position: Position,
  ): ErrorModel | undefined
}

/** Creates a table without errors. */
export function createErrorTable(reporter: Reporter): ErrorTable {
  const known = new Map<string, { error: ErrorModel; shape: string; position: Position }>()
  let additions = 0
  return {
    get errors() {
      return Array.from(known.values(), ({ error }) => error)
    },
    get additions() {
      return additions
    },
    add(name, data, documentation, position) {
      additions++
      const fault = findErrorNameFault(name)
      if (fault !== undefined) {
        reporter.report(
          'NG4004',
          position,
          fault,
          'name it for what happened: DiskFull becomes the class DiskFullError',
        )
        return undefined
      }
      const shape = digestShape(data.schema)
      const before = known.get(name)
      if (before === undefined) {
        const error = { name, className: nameErrorClass(name), data, ...(documentation && { documentation }) }
        known.set(name, { error, shape, position })
        return error
      }
      if (before.shape === shape) return before.error
      const finding = `has other data than ${describePosition(before.position)}, and both would be the class ${nameErrorClass(name)}`
      reporter.report('NG2012', position, finding, 'give both the same schema, or one of them another name')
      return undefined
    },
  }
}
