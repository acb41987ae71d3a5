import type { Frame } from '../errors/remote.js'

/** `at async Class.method [as alias] (file:line:column)` or `at file:line:column`, as V8 writes them. */
const FRAME = /^\s*at (async )?(?:(.*?) \()?((?:[a-z-]+:\/\/|node:|\/|[A-Za-z]:[\\/])?[^()]*?):(\d+):(\d+)\)?$/

/**
 * The frames of a V8 stack text. Lines that are no frame with a place (the message, `at async Promise.all (index 0)`,
 * `at <anonymous>`) are left out.
 */
export function parseStack(stack: string): Frame[] {
  const frames: Frame[] = []
  for (const line of stack.split('\n')) {
    const match = FRAME.exec(line)
    if (match === null) continue
    const [, async, name, file, lineNumber, column] = match
    if (file === undefined || file === '') continue
    frames.push({
      ...(name === undefined || name === '' || name === '<anonymous>' ? {} : { function: name }),
      file,
      line: Number(lineNumber),
      column: Number(column),
      async: async !== undefined,
    })
  }
  return frames
}
