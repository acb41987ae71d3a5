import type { Frame } from '../errors/remote.js'

/** More levels of `eval` inside `eval` explain nothing. */
const MAX_EVALS = 8

/**
 * The frames of a V8 stack text. Lines that are no frame with a place (the message, `at async Promise.all (index 0)`,
 * `at <anonymous>`) are left out; code in `eval` has the place of its `eval`.
 */
export function parseStack(stack: string): Frame[] {
  return stack
    .split('\n')
    .map(parseFrame)
    .filter((frame) => frame !== undefined)
}

/**
 * The frame of one line: `at async Class.method [as alias] (file:line:column)` or `at file:line:column`, as V8 writes them. undefined
 * where it is none.
 */
export function parseFrame(line: string): Frame | undefined {
  const text = line.trim()
  if (!text.startsWith('at ')) return undefined
  // A function may be called `async` itself.
  const isAsync = text.startsWith('at async ') && text[9] !== '('
  const call = text.slice(isAsync ? 9 : 3)
  const open = call.endsWith(')') ? findOpening(call) : -1
  const place = open === -1 ? call : call.slice(open + 1, -1)
  const match = /^(.+):(\d+):(\d+)$/.exec(leaveEval(place))
  if (match === null) return undefined
  const name = call.slice(0, Math.max(0, open)).trim()
  return {
    ...(name === '' || name === '<anonymous>' ? {} : { function: name }),
    file: match[1] ?? '',
    line: Number(match[2]),
    column: Number(match[3]),
    async: isAsync,
  }
}

/** Where the parenthesis opens that closes at the end: a path may have some of its own. −1 where there is none. */
function findOpening(text: string): number {
  let depth = 0
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === ')') depth++
    else if (text[at] === '(' && --depth === 0) return at
  }
  return -1
}

/** Leads from `eval at run (file:3:4), <anonymous>:1:2` to `file:3:4`. */
function leaveEval(place: string): string {
  let inner = place
  for (let level = 0; level < MAX_EVALS && inner.startsWith('eval at '); level++) {
    const end = inner.lastIndexOf(')') + 1
    inner = inner.slice(findOpening(inner.slice(0, end)) + 1, Math.max(0, end - 1))
  }
  return inner
}
