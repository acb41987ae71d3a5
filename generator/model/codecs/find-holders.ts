import type { CodecDraft } from './codec-draft.js'

/** Finds the named types in which something is converted, there or in a type that they refer to. */
export function findHolders(drafts: ReadonlyMap<string, CodecDraft>): ReadonlySet<string> {
  const holders = new Set<string>()
  const referrers = new Map<string, string[]>()
  for (const [name, draft] of drafts) {
    for (const leaf of listLeaves(draft)) {
      if (leaf.kind === 'reference') referrers.set(leaf.name, [...(referrers.get(leaf.name) ?? []), name])
      else holders.add(name)
    }
  }
  // A Set goes on over what is added to it meanwhile.
  for (const name of holders) for (const referrer of referrers.get(name) ?? []) holders.add(referrer)
  return holders
}

function* listLeaves(draft: CodecDraft | undefined): Generator<CodecDraft> {
  if (draft === undefined) return
  switch (draft.kind) {
    case 'array':
      yield* listLeaves(draft.item)
      return
    case 'tuple':
      for (const item of [...draft.items, draft.rest]) yield* listLeaves(item)
      return
    case 'object':
      for (const [, property] of draft.properties) yield* listLeaves(property)
      return
    case 'record':
      yield* listLeaves(draft.value)
      return
    case 'intersection':
      for (const part of draft.parts) yield* listLeaves(part)
      return
    case 'union':
      for (const arm of draft.arms) yield* listLeaves(arm.draft)
      return
    case 'misplaced':
      yield* listLeaves(draft.inner)
      return
    default:
      yield draft
  }
}
