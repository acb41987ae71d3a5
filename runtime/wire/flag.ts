/** A flag that a call ended with, as it travels. */
export interface WireFlag {
  readonly tag: string
  /** As JSON text; `null` where the flag has none. */
  readonly data: string
}

/** The same as it came, the data not checked yet. */
export interface ReceivedFlag {
  readonly tag: string
  readonly data: unknown
}

/** The object that a flag is, over every transport: `{"flag":"notes.quotaReached","data":…}`. */
export function writeFlag({ tag, data }: WireFlag): string {
  return `{"flag":${JSON.stringify(tag)},"data":${data}}`
}

/** Reads that object, or answers undefined where it is none. Keys that are unknown here may come from a newer peer: they are left. */
export function readFlag(value: unknown): ReceivedFlag | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('data' in value)) return undefined
  const { flag, data } = value as { readonly flag?: unknown; readonly data: unknown }
  return typeof flag === 'string' && flag !== '' ? { tag: flag, data } : undefined
}
