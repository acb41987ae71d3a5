import type { ConnectionDescriptor, Descriptor, EventDescriptor } from '../../../runtime/api/descriptor.js'
import type { FlagDescriptor } from '../../../runtime/api/flag.js'

/** One connection as generated code describes it, without checks. */
export function describeConnection(name: string, parts: Partial<ConnectionDescriptor> = {}): ConnectionDescriptor {
  return {
    name,
    tag: `notes.${name}`,
    aliases: [],
    input: 'value',
    output: 'value',
    idempotent: false,
    errors: [],
    digest: `digest of ${name}`,
    load: () => Promise.reject(new Error('not needed here')),
    ...parts,
  }
}

/** One event as generated code describes it, without checks. */
export function describeEvent(name: string, parts: Partial<EventDescriptor> = {}): EventDescriptor {
  return {
    name,
    tag: `notes.${name}`,
    aliases: [],
    payload: 'value',
    delivery: 'live',
    digest: `digest of ${name}`,
    load: () => Promise.reject(new Error('not needed here')),
    ...parts,
  }
}

/** One flag as generated code describes it, without checks. */
export function describeFlag(name: string): FlagDescriptor {
  return {
    name,
    tag: `notes.${name}`,
    data: 'value',
    digest: `digest of ${name}`,
    load: () => Promise.reject(new Error('not needed here')),
  }
}

/** A schema as generated code describes it. */
export function describeSchema(
  name: string,
  connections: readonly ConnectionDescriptor[],
): Descriptor<unknown, unknown> {
  return { format: 1, name, digest: `digest of ${name}`, connections, events: [], flags: [] }
}
