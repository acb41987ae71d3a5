import type { LoadedDeclaration, LoadedValue } from '../../load/loaded-schema.js'
import { digestEvent } from '../digest.js'
import type { EventModel } from '../model.js'
import { findMemberNameFault } from '../names/member-name.js'
import { describeValue } from '../plain-value.js'
import { enterPart, type Position } from '../position.js'
import type { Reporter } from '../reporter.js'
import { type DeclarationRules, readHead, type Surroundings } from './read-head.js'
import { readOptionalValue } from './read-payload.js'

const RULES: DeclarationRules = {
  keys: ['payload', 'delivery', 'tag', 'aliases'],
  example: 'event({ payload })',
  findNameFault: findMemberNameFault,
}

/** An event before the names of files are given out. */
export type ReadEvent = Omit<EventModel, 'fileName'>

/** Checks one event and reads its payload's type, as `readConnection` does. */
export function readEvent(
  name: string,
  declaration: LoadedDeclaration,
  surroundings: Surroundings,
): ReadEvent | undefined {
  const head = readHead(name, declaration, RULES, surroundings)
  if (head === undefined) return undefined
  const { position, entries, tag, aliases, documentation } = head
  const { definitions } = surroundings
  const delivery = readDelivery(entries, enterPart(position, 'delivery'), definitions.reader)
  const payload = readOptionalValue('payload', entries, position, definitions)
  const digest = digestEvent({ tag, delivery, payload: payload?.schema })
  return {
    is: 'event',
    name,
    tag,
    aliases,
    ...(payload && { payload }),
    delivery,
    digest,
    ...(documentation && { documentation }),
  }
}

function readDelivery(
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  reporter: Reporter,
): EventModel['delivery'] {
  const value = entries.has('delivery') ? entries.get('delivery') : 'live'
  if (value === 'live' || value === 'durable') return value
  const finding = `is ${describeValue(value)}, neither "live" nor "durable"`
  reporter.report('NG2014', position, finding, 'write one of the two, or leave it out: it is "live" then')
  return 'live'
}
