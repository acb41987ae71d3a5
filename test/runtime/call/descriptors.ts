import type { ConnectionDescriptor, Descriptor } from '../../../runtime/api/descriptor.js'

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

/** A schema as generated code describes it. */
export function describeSchema(
  name: string,
  connections: readonly ConnectionDescriptor[],
): Descriptor<unknown, unknown> {
  return { format: 1, name, digest: `digest of ${name}`, connections }
}
