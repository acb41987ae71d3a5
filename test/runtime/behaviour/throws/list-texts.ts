/** Shorter ones are found anywhere. */
const MIN_LENGTH = 8

/** The texts that a thrown value holds, wherever: its message, properties, causes and parts, as far as they can be read. */
export function listTexts(thrown: unknown): string[] {
  const texts = new Set<string>()
  const seen = new Set<unknown>()
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && value.length >= MIN_LENGTH) texts.add(value.slice(0, 40))
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    for (const key of listKeys(value)) if (key !== 'stack') visit(read(value, key))
  }
  visit(thrown)
  return [...texts]
}

function listKeys(value: object): (string | symbol)[] {
  try {
    return Reflect.ownKeys(value)
  } catch {
    // A proxy's trap.
    return []
  }
}

function read(value: object, key: string | symbol): unknown {
  try {
    return (value as Record<string | symbol, unknown>)[key]
  } catch {
    return undefined
  }
}
