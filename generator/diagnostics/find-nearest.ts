/** Finds the candidate that a mistyped word most likely meant; undefined where none is near. */
export function findNearest(word: string, candidates: Iterable<string>): string | undefined {
  // A third of the letters may be wrong: more would suggest words that have nothing in common.
  let leastEdits = Math.max(1, Math.floor(word.length / 3)) + 1
  let nearest: string | undefined
  for (const candidate of candidates) {
    const edits = countEdits(word.toLowerCase(), candidate.toLowerCase())
    if (edits >= leastEdits) continue
    leastEdits = edits
    nearest = candidate
  }
  return nearest
}

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment). */
function countEdits(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      let edits = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      )
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (swapped) edits = Math.min(edits, (beforeLast[column - 2] ?? 0) + 1)
      current.push(edits)
    }
    beforeLast = last
    last = current
  }
  return last[to.length] ?? 0
}
