import type { Documentation } from './source-index.js'
import type { Syntax, TypeScript } from './typescript.js'

/** Reads the last documentation comment in front of a node. `undefined` where there is none, or only an empty one. */
export function readDocumentation(
  ts: TypeScript,
  tree: Syntax.SourceFile,
  node: Syntax.Node,
): Documentation | undefined {
  const { text } = tree
  const start = node.getStart(tree)
  // What TypeScript calls trailing began on the line of the token before: it belongs here only if the node does too.
  const onSameLine = (ts.getTrailingCommentRanges(text, node.pos) ?? []).filter(
    ({ end }) => !text.slice(end, start).includes('\n'),
  )
  const comments = [...onSameLine, ...(ts.getLeadingCommentRanges(text, node.pos) ?? [])]
    .map(({ pos, end }) => text.slice(pos, end))
    .filter((comment) => /^\/\*\*[^/]/.test(comment))
  const last = comments.at(-1)
  return last === undefined ? undefined : parseComment(last)
}

function parseComment(comment: string): Documentation | undefined {
  const kept: string[] = []
  let deprecated: string[] | undefined
  let isInDeprecated = false
  for (const line of readLines(comment)) {
    if (line.startsWith('@')) isInDeprecated = /^@deprecated\b/.test(line)
    if (!isInDeprecated) kept.push(line)
    else if (deprecated) deprecated.push(line)
    else deprecated = [line.slice('@deprecated'.length)]
  }
  const text = trimBlankLines(kept)
  if (!deprecated) return text ? { text } : undefined
  return { text, deprecated: trimBlankLines(deprecated).trim() }
}

function readLines(comment: string): string[] {
  return comment
    .slice('/**'.length, -'*/'.length)
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*(\* ?)?/, '').trimEnd())
}

function trimBlankLines(lines: readonly string[]): string {
  return lines.join('\n').replace(/^\n+|\n+$/g, '')
}
