/**
 * Finds the candidate that a mistyped word was most likely meant to be: at most a third of its letters away, and never more
 * than three. `undefined` where none is that near. Case and order of candidates decide nothing but ties: the first wins.
 */
export function findNearest(word: string, candidates: Iterable<string>): string | undefined {
  let nearest: string | undefined
  let limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)))
  for (const candidate of candidates) {
    const distance = measureDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance > limit) continue
    nearest = candidate
    limit = distance - 1
  }
  return nearest
}

/** Counts the letters to insert, remove, replace or swap with their neighbour (optimal string alignment). */
function measureDistance(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const cost = from[row - 1] === to[column - 1] ? 0 : 1
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + cost,
        isSwap ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = current
  }
  return at(last, to.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
