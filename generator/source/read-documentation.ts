import type { Documentation } from './source-index.js'
import type { SourceComment, SyntaxTree } from './syntax-tree.js'

/**
 * Reads the last documentation comment in front of an offset at which something begins. `undefined` where there is none, or
 * only an empty one.
 */
export function readDocumentation(tree: SyntaxTree, start: number): Documentation | undefined {
  const last = listCommentsBefore(tree, start).findLast((comment) => /^\/\*\*[^/]/.test(comment))
  return last === undefined ? undefined : parseComment(last)
}

/** The comments between what stands before and what begins here, without those that belong to what stands before. */
function listCommentsBefore({ text, comments }: SyntaxTree, start: number): string[] {
  const count = countBefore(comments, start)
  let first = count
  let at = start
  for (; first > 0; first--) {
    const comment = comments[first - 1] as SourceComment
    if (text.slice(comment.end, at).trim() !== '') break
    at = comment.start
  }
  let end = at
  while (end > 0 && /\s/.test(text[end - 1] ?? '')) end--
  // A comment that begins on the line of what stands before belongs to it, unless what begins here is on that line too.
  let isOnLineBefore = end > 0
  const own: string[] = []
  for (const comment of comments.slice(first, count)) {
    isOnLineBefore &&= !text.slice(end, comment.start).includes('\n')
    if (!isOnLineBefore || !text.slice(comment.end, start).includes('\n'))
      own.push(text.slice(comment.start, comment.end))
    end = comment.end
  }
  return own
}

/** How many comments end before an offset. There are thousands in a large file, and each of its properties asks. */
function countBefore(comments: readonly SourceComment[], offset: number): number {
  let low = 0
  let high = comments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((comments[middle]?.end ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low
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
