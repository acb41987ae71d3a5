import { BUILDER_RULES } from './builder-rules.js'
import type { Meaning, ModuleGraph } from './module-graph.js'
import type { Outline, OutlineCall, OutlineElement, OutlineMember } from './outline.js'
import type { Documentation } from './source-index.js'
import type { SourceModule } from './source-module.js'

/** A key of a live object, or an index of a live array. */
export type PathKey = string | number

/** A place in the source that stands for a part of a live object. */
export interface Spot extends Scope {
  /** What a diagnostic points at: counts from where the scope begins. */
  readonly at: number
  readonly documentation?: Documentation
  /** What the part's own parts are found in; absent where the source does not show it. */
  readonly value?: Outline | WholeModule
}

/** Where names mean what they mean, and what places count from. */
export interface Scope {
  readonly module: SourceModule
  readonly start: number
}

/** A file as one object. */
interface WholeModule {
  readonly is: 'module'
}

/** How far a path could be followed. */
export interface Trail {
  /** The narrowest place that was reached. */
  readonly spot: Spot
  /** Whether that is the end of the path. */
  readonly isComplete: boolean
}

/** Follows paths through the source of schemas: calls of TypeBox, object and array literals, names and imports. */
export interface PathFollower {
  follow(from: Meaning, path: readonly PathKey[]): Trail
  /** Whether the part at the end of a path is written as a TypeScript enum. */
  leadsToEnum(from: Meaning, path: readonly PathKey[]): boolean
}

/** One step into a value; `keys` says how much of the path it took. */
interface Step {
  readonly spot: Spot
  readonly keys: number
}

/** How many names may stand for names before one is taken to stand for itself. */
const MAX_NAMES_IN_A_ROW = 100

/** Creates a follower over the files of a graph. */
export function createPathFollower(graph: ModuleGraph): PathFollower {
  function follow(from: Meaning, path: readonly PathKey[]): Trail {
    let spot = enter(from)
    let taken = 0
    while (taken < path.length) {
      const step: Step | undefined = takeStep(spot, path, taken)
      if (!step) return { spot, isComplete: false }
      spot = step.spot
      taken += step.keys
    }
    return { spot, isComplete: true }
  }

  function leadsToEnum(from: Meaning, path: readonly PathKey[]): boolean {
    const { spot, isComplete } = follow(from, path)
    const value = isComplete ? resolveValue(spot).value : undefined
    return typeof value === 'object' && value.is === 'enum'
  }

  function enter(meaning: Meaning): Spot {
    if (meaning.is === 'module') return { module: meaning.module, start: 0, at: 0, value: WHOLE_MODULE }
    const { module, start, outline } = meaning.declaration
    const { part, value, ...place } = outline
    const spot: Spot = { module, start, ...place, ...(part === undefined && value !== undefined && { value }) }
    const whole = part === undefined || value === undefined ? undefined : takeStep({ ...spot, value }, [part])?.spot
    if (whole?.value === undefined) return spot
    // The name stands in this module, what it means in that of the whole.
    return whole.module === module ? { ...whole, at: start + outline.at - whole.start } : whole
  }

  function takeStep(spot: Spot, path: readonly PathKey[], from = 0): Step | undefined {
    const resolved = resolveValue(spot)
    const { value } = resolved
    if (typeof value !== 'object') return undefined
    const key = path[from] ?? ''
    switch (value.is) {
      case 'object':
        return takeProperty(resolved, value.members, String(key))
      case 'array':
      case 'enum':
        return takeElement(resolved, value.elements, Number(key))
      case 'call':
        return takeFromCall(resolved, value, path, from)
      case 'module': {
        const meaning = graph.findExport(resolved.module, String(key))
        return meaning && { spot: enter(meaning), keys: 1 }
      }
      default:
        return undefined
    }
  }

  function takeProperty(scope: Scope, members: readonly OutlineMember[], key: string): Step | undefined {
    // What is written last wins, as it does when the program runs.
    for (let index = members.length - 1; index >= 0; index--) {
      const member = members[index] as OutlineMember
      if ('spread' in member) {
        const spread = takeStep(standAt(scope, member.spread), [key])
        if (spread) return spread
      } else if (member.name === key) {
        const { at, documentation, value } = member
        const { module, start } = scope
        return { spot: { module, start, at, value, ...(documentation && { documentation }) }, keys: 1 }
      }
    }
    return undefined
  }

  function takeElement(scope: Scope, elements: readonly OutlineElement[], index: number): Step | undefined {
    const element = elements[index]
    if (!element || elements.slice(0, index + 1).some(({ isSpread }) => isSpread)) return undefined
    const { documentation, value } = element
    return { spot: { ...standAt(scope, value), ...(documentation && { documentation }) }, keys: 1 }
  }

  function takeFromCall(scope: Scope, call: OutlineCall, path: readonly PathKey[], from: number): Step | undefined {
    const rule = BUILDER_RULES.get(call.builder) ?? {}
    if (rule.returns !== undefined) {
      const argument = rule.returns === 'receiver' ? call.receiver : call.arguments[rule.returns]
      const step = argument === undefined ? undefined : takeStep(standAt(scope, argument), path, from)
      if (step) return step
    }
    const outer = rule.within !== undefined && rule.within === path[from] ? 1 : 0
    const key = path[from + outer] ?? ''
    const index = rule.keywords && Object.hasOwn(rule.keywords, key) ? rule.keywords[key] : undefined
    const argument = index === undefined ? undefined : call.arguments[index]
    if (argument !== undefined) {
      const keys = rule.madeUp?.includes(String(key)) ? Math.min(2, path.length - from) : 1
      return { spot: standAt(scope, argument), keys: outer + keys }
    }
    const options = call.arguments.at(-1)
    const isTaken = Object.values(rule.keywords ?? {}).includes(call.arguments.length - 1)
    return !isTaken && typeof options === 'object' && options.is === 'object'
      ? takeProperty(scope, options.members, String(key))
      : undefined
  }

  /** Goes from names to what they stand for. */
  function resolveValue(from: Spot): Spot {
    let spot = from
    for (let names = 0; names < MAX_NAMES_IN_A_ROW; names++) {
      const next = lookUp(spot)
      if (next?.value === undefined) break
      spot = next
    }
    return spot
  }

  function lookUp({ value, ...scope }: Spot): Spot | undefined {
    if (typeof value !== 'object') return undefined
    if (value.is === 'name') {
      const meaning = graph.findLocal(scope.module, value.name)
      return meaning && enter(meaning)
    }
    return value.is === 'part' ? takeStep(standAt(scope, value.of), [value.name])?.spot : undefined
  }

  return { follow, leadsToEnum }
}

const WHOLE_MODULE: WholeModule = { is: 'module' }

/** The spot of an outline in the scope that it stands in. */
function standAt({ module, start }: Scope, value: Outline): Spot {
  return { module, start, at: typeof value === 'number' ? value : value.at, value }
}
