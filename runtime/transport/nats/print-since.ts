import type { Engine } from './engine.js'

/** ` since ` and when the engine went down; nothing where that is not known. */
export function printSince({ downSinceMs }: Pick<Engine, 'downSinceMs'>): string {
  return downSinceMs === undefined ? '' : ` since ${new Date(downSinceMs).toISOString()}`
}
